/* The failure catalogue as Markdown: an index, and one page a family. */
#include "harness/catalogue.h"

#include <string.h>

#include "inspect/cause.h"

#define MADE "<!-- made by `./dev docs`; edit harness/catalogue/ instead -->\n\n"

/* From docs/catalogue, where the pages lie. */
#define SCENARIOS                                                                                  \
    "../"                                                                                          \
    "../scenarios/"

/* --- rows --- */

/* A row's number as a link to where it is told: "[F01](provider-synthesis.md#f01)". */
static void put_number(FILE *file, unsigned number)
{
    char shown[CATALOGUE_NUMBER_SIZE];
    const struct failure_family *family = NULL;
    failure_at(number, &family);
    failure_number_put(number, shown);
    fprintf(file, "[%s](%s.md#f%02u)", shown, family->slug, number);
}

/* The row that `text` begins with the number of, 0 if it does not; `ret_size` is the number's. */
static unsigned number_at(const char *text, size_t *ret_size)
{
    *ret_size = text[0] == 'F' ? 1 + strspn(text + 1, "0123456789") : 1;
    return failure_number(bytes_of(text, *ret_size));
}

/* Text in which other rows are named. */
static void put_linked(FILE *file, const char *text)
{
    bool in_word = false;
    while (*text != '\0') {
        size_t size;
        const unsigned number = number_at(text, &size);
        if (number != 0 && !in_word) {
            put_number(file, number);
            text += size;
            in_word = true;
        } else {
            in_word = (text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z');
            putc(*text++, file);
        }
    }
}

/* --- the index --- */

static void put_families(FILE *file)
{
    for (size_t i = 0; failure_families[i] != NULL; i++) {
        const struct failure_family *family = failure_families[i];
        fprintf(file, "### %s. [%s](%s.md)\n\n", family->numeral, family->title, family->slug);
        for (const struct failure *row = family->failures; row->number != 0; row++) {
            fputs("- ", file);
            put_number(file, row->number);
            fprintf(file, " %s\n", row->title);
        }
        putc('\n', file);
    }
}

static void put_words(FILE *file)
{
    for (const struct catalogue_word *row = catalogue_words; row->word != NULL; row++) {
        fprintf(file, "**%s.** %s\n\n", row->word, row->meaning);
    }
}

/* By what one sees first: which rows it may be. */
static const struct symptom {
    const char *seen;
    const char *rows;
} symptoms[] = {
    {"There is no such name (NXDOMAIN)",
     "Added elsewhere or not yet: F10 to F18, F23. The whole domain is missing: F82, F83. Added "
     "a moment ago: F74."},
    {"The name exists, and has no such record (NODATA)",
     "Something hides it: F01 to F06. A wildcard stands in for it: F02, F29. Nothing follows from "
     "it: F73."},
    {"A CNAME, but another one", "F11 to F13, F30; two of them, F28."},
    {"The right CNAME, and no key behind it", "F63 to F68."},
    {"A text that is no key, or no key that works", "F31, F33 to F62."},
    {"An error (SERVFAIL, REFUSED, FORMERR)",
     "Of the servers themselves: F84, F100 to F102. Of a resolver only: F76, F95 to F99, F106."},
    {"Nothing at all", "F103; only for some questions, F104 to F109."},
    {"Now this and now that", "The servers differ: F85 to F90, F97. The place counts: F91, F92. A "
                              "cache remembers: F74, F76, "
                              "F77. Too many questions: F111."},
    {"The record, as it should be, and somebody does not see it",
     "F24, F25, F68, F70, F72, F74 to F80, F91, F108."},
    {.seen = NULL},
};

static void put_symptoms(FILE *file)
{
    fputs("| what comes | what it may be |\n|---|---|\n", file);
    for (const struct symptom *row = symptoms; row->seen != NULL; row++) {
        fprintf(file, "| %s | ", row->seen);
        put_linked(file, row->rows);
        fputs(" |\n", file);
    }
}

void catalogue_write_index(FILE *file)
{
    fputs("# The failure catalogue\n\n" MADE
          "A mail provider asks its customer for a few DNS records, and the customer adds them. "
          "These are the ways in which that goes wrong: what has happened, what a look-up shows, "
          "how to tell it from what looks the same, and what to tell the customer. Each page "
          "names the scenarios in which `faultzone` plays the failure; `faultzone list "
          "--by-failure` lists them all.\n\n"
          "The examples have a customer, `customer.example`, whose mail is sent by the provider "
          "`esp.example`. She was asked for one record at `k1._domainkey.customer.example`, where "
          "receivers of her mail look for the key that its signatures are checked with.\n\n"
          "Who has never dealt with the DNS begins with [the words](#words) at the end of this "
          "page.\n\n"
          "## Where to look\n\n"
          "By what comes when the record is asked for:\n\n",
          file);
    put_symptoms(file);
    fputs("\n## The families\n\n", file);
    put_families(file);
    fputs("## Words\n\nIn the order in which they build on one another.\n\n", file);
    put_words(file);
}

/* --- a family --- */

static void put_text(FILE *file, const char *heading, const char *text)
{
    if (text != NULL) {
        fprintf(file, "**%s** ", heading);
        put_linked(file, text);
        fputs("\n\n", file);
    }
}

/* A scenario's title, as a link's text: the brackets that end such a text are left out. */
static void put_link_text(FILE *file, const char *title)
{
    for (; *title != '\0'; title++) {
        if (*title != '[' && *title != ']') {
            putc(*title, file);
        }
    }
}

static void put_scenarios(FILE *file, const struct failure *row, const struct coverage *coverage)
{
    const struct coverage_entry *entry = coverage->first[row->number];
    if (row->waits != NULL) {
        fprintf(file,
                "faultzone's own resolver does no %s yet: where one is needed that does, a fault "
                "plays it.\n\n",
                row->waits);
    } else if (entry == NULL) {
        fputs("No scenario shows it yet.\n\n", file);
    }
    if (entry == NULL) {
        return;
    }
    fputs("Scenarios:\n\n", file);
    for (; entry != NULL; entry = entry->next) {
        fputs("- [", file);
        put_link_text(file, entry->title);
        fprintf(file, "](" SCENARIOS "%s.yaml)\n", entry->id);
    }
    putc('\n', file);
}

/* In which order a page names the set-up check's words for a row: the row's own first, then what
 * stands for several rows and takes the number of what it found, remarks last. */
static int rank(const struct cause *cause, const char *number)
{
    if (cause->verdict == SETUP_VERIFIED) {
        return 3;
    }
    if (cause->number != NULL && strcmp(cause->number, number) == 0) {
        return 0;
    }
    return cause->verdict == SETUP_DECLINED ? 1 : 2;
}

static void put_causes(FILE *file, const char *number)
{
    size_t count = 0;
    for (int wanted = 0; wanted < 4; wanted++) {
        for (const struct cause *cause = causes; cause->slug != NULL; cause++) {
            if (cause_may_be(cause, number) && rank(cause, number) == wanted) {
                fputs(count++ == 0 ? "**The set-up check's word for it.** " : ", ", file);
                fprintf(file, "`%s`", cause->slug);
            }
        }
    }
    fputs(count > 0 ? "\n\n" : "", file);
}

static void put_failure(FILE *file, const struct failure *row, const struct coverage *coverage)
{
    char number[CATALOGUE_NUMBER_SIZE];
    failure_number_put(row->number, number);
    fprintf(file, "<a id=\"f%02u\"></a>\n\n## %s %s\n\n", row->number, number, row->title);
    if (row->story != NULL) {
        put_linked(file, row->story);
        fputs("\n\n", file);
    }
    put_text(file, "What a look-up shows.", row->wire);
    put_text(file, "What is reported.", row->reports);
    put_text(file, "How to tell it apart.", row->apart);
    put_text(file, "The fix.", row->fix);
    put_causes(file, number);
    put_scenarios(file, row, coverage);
}

void catalogue_write_family(FILE *file, const struct failure_family *family,
                            const struct coverage *coverage)
{
    fprintf(file, "# %s. %s\n\n" MADE, family->numeral, family->title);
    if (family->about != NULL) {
        put_linked(file, family->about);
        fputs("\n\n", file);
    }
    fputs("Words that are new to you are explained [where the catalogue begins]"
          "(README.md#words).\n\n",
          file);
    for (const struct failure *row = family->failures; row->number != 0; row++) {
        put_failure(file, row, coverage);
    }
}
