/* Shared by the files that read `.rpl`: lines, words, and what is gathered. */
#ifndef FAULTZONE_HARNESS_RPL_READER_H
#define FAULTZONE_HARNESS_RPL_READER_H

#include "harness/records.h"
#include "harness/rpl.h"

#define RPL_WORDS_MAX 64

/* A word of a line, and where it stands. */
struct rpl_word {
    struct bytes text;
    struct place place;
};

struct rpl_words {
    struct rpl_word items[RPL_WORDS_MAX];
    size_t count;
};

/* Grows in the arena; items never move while borrowed, the list is copied when it ends. */
struct rpl_list {
    void *items;
    size_t count, capacity;
};

struct rpl_reader {
    struct loader loader;
    struct scenario *scenario;
    struct rpl *rpl;
    uint32_t line; /* the one last taken, from 1 */
    struct rpl_words words;
    struct name origin;
    bool in_blocks;         /* the head has blocks: testbound's */
    bool is_deckard;        /* something only Deckard reads was met */
    bool has_anchor;        /* a trust anchor is configured */
    bool validates;         /* the validator is among the modules */
    bool minimises_said;    /* the file says whether names are minimised */
    struct bytes zone_name; /* of the block being read */
    struct bytes block;     /* "server", "stub-zone" …; empty outside */
    struct rpl_list params, hints, ranges, steps;
};

/* Takes the next line that has a word in it; comments (after `;`, in a head also `#`) and blanks do
 * not count. False at the end of the file. */
bool rpl_next_line(struct rpl_reader *reader, const char *comments);

/* The last line again, from the word `index` on, without its comment, as one text. */
struct bytes rpl_rest(const struct rpl_reader *reader, size_t index);

/* The last line as it stands. */
struct bytes rpl_line(const struct rpl_reader *reader);

/* True if word `index` of the line is `word`. */
bool rpl_word_is(const struct rpl_reader *reader, size_t index, const char *word);

/* The place of the last line's first word. */
struct place rpl_place(const struct rpl_reader *reader);

/* One more item of `size` zeroed octets; NULL (told) if memory ran out or there are `most`. */
void *rpl_list_add(struct rpl_reader *reader, struct rpl_list *list, size_t size, size_t most);

/* Why the file cannot be judged here; the first reason stands. */
__attribute__((format(printf, 2, 3))) void rpl_skip(struct rpl_reader *reader, const char *format,
                                                    ...);

/* Reads an address, also one followed by `@port`; false and told if it is none. */
bool rpl_address(struct rpl_reader *reader, const struct rpl_word *word, struct address *ret);

/* rpl_head.c: the options up to CONFIG_END. */
bool rpl_read_head(struct rpl_reader *reader);

/* What the head comes to: the scenario's policy and hints. */
bool rpl_end_head(struct rpl_reader *reader);

/* rpl_entry.c: what follows a line ENTRY_BEGIN, to ENTRY_END. */
bool rpl_read_entry(struct rpl_reader *reader, struct script_entry *ret);

#endif
