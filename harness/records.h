/* Zone text in a scenario file as records in wire form. The only room that knows ldns, and it shows
 * ldns one bounded record of a known type at a time; everything else it reads itself. */
#ifndef FAULTZONE_HARNESS_RECORDS_H
#define FAULTZONE_HARNESS_RECORDS_H

#include "harness/loader.h"
#include "wire/rdata.h"

#define RECORDS_TTL_DEFAULT   300
#define RECORDS_TEXT_MAX      16384 /* octets of one record's data as text */
#define RECORDS_OF_A_FILE_MAX 10000

/* A record and where it was said; `place.line` 0 if it was made. */
struct said_record {
    struct rr rr;
    struct place place;
};

struct record_list {
    struct said_record *items;
    size_t count, capacity;
};

/* Adds to `list`, whose memory is `arena`'s. False if there is none left. */
bool record_list_add(struct record_list *list, struct arena *arena,
                     const struct said_record *record);

/* True if `list` has a record of `type` at `owner`. */
bool record_list_has(const struct record_list *list, const struct name *owner, uint16_t type);

/* Reads `line`, one record that begins at `place` (parentheses may hold further lines), into
 * `list`: any owner, any class; relative names end in `origin`. */
bool records_read_line(struct loader *loader, struct bytes line, struct place place,
                       const struct name *origin, uint32_t ttl, struct record_list *list);

/* Reads `node`, a literal block of zone text or a list of lines, into `list`. Relative names end in
 * `apex`, where $ORIGIN does not say otherwise; `ttl` holds where neither a record nor $TTL gives
 * one. False if anything was wrong (told, with the line and column of the file). */
bool records_read(struct loader *loader, const struct yaml_node *node, const struct name *apex,
                  uint32_t ttl, struct record_list *list);

#endif
