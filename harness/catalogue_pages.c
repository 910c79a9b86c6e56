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
          "## The families\n\n",
          file);
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
        fprintf(file, "It can be judged only once there is %s.\n\n", row->waits);
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

/* The words by which the set-up check names the row: a cause may be one of several, or stand for
 * several rows and take the number of what it found. */
static void put_causes(FILE *file, const char *number)
{
    size_t count = 0;
    for (const struct cause *cause = causes; cause->slug != NULL; cause++) {
        if (cause->number != NULL && strcmp(cause->number, number) == 0) {
            fputs(count++ == 0 ? "**The set-up check's word for it.** " : ", ", file);
            fprintf(file, "`%s`", cause->slug);
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
