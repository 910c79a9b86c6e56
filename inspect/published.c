/* Keys as they are published. */
#include "inspect/published.h"

#include "mail/dkim_key.h"
#include "wire/rdata.h"
#include "wire/rrtype.h"

bool published_result(const struct weighing *weighing, struct bytes rdata, struct bytes right,
                      struct dkim_result *ret)
{
    static const struct dkim_signature ordinary;
    const struct dkim_retrieval retrieval = {
        .state = DKIM_RECORDS, .records = {rdata}, .count = 1, .seen = 1};
    struct arena *arena = weighing->facts->arena;
    struct dkim_key key;
    if (right.size > 0 && !dkim_key_parse(right, arena, &key)) {
        return false;
    }
    return dkim_result_of(&retrieval, &ordinary, right.size > 0 ? &key : NULL, arena, ret);
}

struct bytes published_text(const struct weighing *weighing, struct bytes rdata)
{
    uint8_t *joined = arena_alloc(weighing->facts->arena, rdata.size);
    size_t size = 0;
    struct bytes string;
    while (joined != NULL && rdata_txt_next(&rdata, &string)) {
        memcpy(joined + size, string.data, string.size);
        size += string.size;
    }
    return joined != NULL && rdata.size == 0 ? bytes_of(joined, size) : bytes_of(NULL, 0);
}

bool published_is_key(const struct weighing *weighing, struct bytes text)
{
    struct arena *arena = weighing->facts->arena;
    const struct arena_mark mark = arena_mark(arena);
    struct dkim_key key;
    const bool is = dkim_key_parse(text, arena, &key) && key.state == DKIM_KEY_FOUND;
    arena_rewind(arena, mark);
    return is;
}

bool published_works(const struct weighing *weighing, struct bytes rdata, struct bytes right)
{
    struct arena *arena = weighing->facts->arena;
    const struct arena_mark mark = arena_mark(arena);
    struct dkim_result result;
    const bool works =
        published_result(weighing, rdata, right, &result) && result.word == DKIM_PASS;
    arena_rewind(arena, mark);
    return works;
}

bool published_key(const struct weighing *weighing, const struct fact *fact)
{
    struct fact_cursor cursor = {0};
    struct record record;
    while (fact_next_record(fact, RRTYPE_TXT, &cursor, &record)) {
        if (published_works(weighing, record.rdata, bytes_of(NULL, 0))) {
            return true;
        }
    }
    return false;
}
