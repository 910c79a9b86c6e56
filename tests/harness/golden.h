/* Output compared with a checked-in file, octet by octet. GOLDEN_DIR names the directory;
 * with GOLDEN_UPDATE=1 the files are written anew instead (`./dev golden`). */
#ifndef FAULTZONE_TESTS_HARNESS_GOLDEN_H
#define FAULTZONE_TESTS_HARNESS_GOLDEN_H

/* Fails the test unless the file `name` holds exactly `octets`. */
void golden_check(const char *name, const char *octets);

#endif
