/* Words of SPF records and tags of DMARC records. */
#include "mail/policy_text.h"

#include <string.h>

static uint8_t lower(uint8_t octet)
{
    return octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
}

static bool same_word(struct bytes a, struct bytes b)
{
    if (a.size != b.size) {
        return false;
    }
    for (size_t i = 0; i < a.size; i++) {
        if (lower(a.data[i]) != lower(b.data[i])) {
            return false;
        }
    }
    return true;
}

static bool begins_with(struct bytes text, const char *word)
{
    const size_t size = strlen(word);
    return text.size >= size && same_word(bytes_of(text.data, size), bytes_of_string(word));
}

/* --- SPF --- */

bool spf_is_record(struct bytes text)
{
    static const char version[] = "v=spf1";
    return begins_with(text, version) &&
           (text.size == strlen(version) || text.data[strlen(version)] == ' ');
}

/* Takes the next word off `*rest`; false at the end. */
static bool next_term(struct bytes *rest, struct bytes *ret)
{
    while (rest->size > 0 && rest->data[0] == ' ') {
        *rest = bytes_after(*rest, 1);
    }
    size_t size = 0;
    while (size < rest->size && rest->data[size] != ' ') {
        size++;
    }
    *ret = bytes_of(rest->data, size);
    *rest = bytes_after(*rest, size);
    return size > 0;
}

/* "+include:x" is "include:x". The term has at least one octet. */
static struct bytes without_plus(struct bytes term)
{
    return term.data[0] == '+' ? bytes_after(term, 1) : term;
}

static bool names_senders(struct bytes term)
{
    return term.size > 0 && term.data[0] != '-' && term.data[0] != '~' && term.data[0] != '?' &&
           memchr(term.data, ':', term.size) != NULL;
}

/* True for "all" with any qualifier, where every reader stops. */
static bool is_all(struct bytes term)
{
    const bool qualified = memchr("+-~?", term.data[0], 4) != NULL;
    return same_word(qualified ? bytes_after(term, 1) : term, bytes_of_string("all"));
}

/* The same term, whether a domain in it ends in a dot or not (RFC 7208 7.1). `b` has an octet. */
static bool same_term(struct bytes a, struct bytes b)
{
    if (a.size > 0) { /* nothing stands behind a lonely plus */
        a.size -= a.data[a.size - 1] == '.';
    }
    b.size -= b.data[b.size - 1] == '.';
    return same_word(a, b);
}

static bool has_term(struct bytes published, struct bytes wanted, bool behind_all)
{
    struct bytes term;
    while (next_term(&published, &term) && (behind_all || !is_all(term))) {
        if (same_term(without_plus(term), wanted)) {
            return true;
        }
    }
    return false;
}

static bool is_in_one_of(const struct bytes *published, size_t count, struct bytes wanted,
                         bool behind_all)
{
    for (size_t i = 0; i < count; i++) {
        if (spf_is_record(published[i]) && has_term(published[i], wanted, behind_all)) {
            return true;
        }
    }
    return false;
}

static bool has_terms(const struct bytes *published, size_t count, struct bytes wanted,
                      bool behind_all)
{
    struct bytes term;
    if (count == 0 || !spf_is_record(published[0])) {
        return false;
    }
    while (next_term(&wanted, &term)) {
        term = without_plus(term);
        if (names_senders(term) && !is_in_one_of(published, count, term, behind_all)) {
            return false;
        }
    }
    return true;
}

bool spf_has_terms(struct bytes published, struct bytes wanted)
{
    return has_terms(&published, 1, wanted, false);
}

bool spf_hides_terms(struct bytes published, struct bytes wanted)
{
    return !has_terms(&published, 1, wanted, false) && has_terms(&published, 1, wanted, true);
}

bool spf_have_terms(const struct bytes *published, size_t count, struct bytes wanted)
{
    return has_terms(published, count, wanted, false);
}

/* The octets of `term` before the first of `ends`; all of them without one. */
static struct bytes up_to(struct bytes term, const char *ends)
{
    size_t size = 0;
    while (size < term.size && strchr(ends, term.data[size]) == NULL) {
        size++;
    }
    return bytes_of(term.data, size);
}

/* True for a mechanism of RFC 7208 5, with a qualifier or without, and for any modifier (6). */
static bool is_known(struct bytes term)
{
    static const char *const mechanisms[] = {"all", "include", "a",   "mx",
                                             "ptr", "ip4",     "ip6", "exists"};
    if (up_to(term, ":/=").size < term.size && term.data[up_to(term, ":/=").size] == '=') {
        return true;
    }
    if (memchr("+-~?", term.data[0], 4) != NULL) {
        term = bytes_after(term, 1);
    }
    for (size_t i = 0; i < sizeof mechanisms / sizeof mechanisms[0]; i++) {
        if (same_word(up_to(term, ":/"), bytes_of_string(mechanisms[i]))) {
            return true;
        }
    }
    return false;
}

bool spf_is_sound(struct bytes record)
{
    struct bytes term;
    if (!spf_is_record(record)) {
        return false;
    }
    while (next_term(&record, &term)) {
        if (!is_known(term)) {
            return false;
        }
    }
    return true;
}

size_t spf_references(struct bytes record, struct bytes *ret, size_t capacity)
{
    static const char include[] = "include:", redirect[] = "redirect=";
    struct bytes term, elsewhere = {0};
    size_t count = 0;
    bool ends = false;
    while (next_term(&record, &term)) {
        const struct bytes plain = without_plus(term);
        ends = ends || is_all(term);
        if (begins_with(plain, include) && !ends && count < capacity) {
            ret[count++] = bytes_after(plain, strlen(include));
        } else if (begins_with(term, redirect)) {
            elsewhere = bytes_after(term, strlen(redirect));
        }
    }
    if (elsewhere.size > 0 && !ends && count < capacity) {
        ret[count++] = elsewhere;
    }
    return count;
}

/* --- DMARC --- */

static struct bytes trimmed(struct bytes text)
{
    while (text.size > 0 && (text.data[0] == ' ' || text.data[0] == '\t')) {
        text = bytes_after(text, 1);
    }
    while (text.size > 0 && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t')) {
        text.size--;
    }
    return text;
}

/* Takes the next tag off `*rest`: "name = value" up to the next ";". False at the end. */
static bool next_tag(struct bytes *rest, struct bytes *ret_name, struct bytes *ret_value)
{
    if (rest->size == 0) {
        return false;
    }
    size_t size = 0;
    while (size < rest->size && rest->data[size] != ';') {
        size++;
    }
    const struct bytes tag = bytes_of(rest->data, size);
    *rest = bytes_after(*rest, size + 1);
    size_t equals = 0;
    while (equals < tag.size && tag.data[equals] != '=') {
        equals++;
    }
    *ret_name = trimmed(bytes_of(tag.data, equals));
    *ret_value = trimmed(bytes_after(tag, equals + 1));
    return true;
}

bool dmarc_is_record(struct bytes text)
{
    struct bytes name;
    struct bytes value;
    return next_tag(&text, &name, &value) && bytes_are(name, "v") && bytes_are(value, "DMARC1");
}

/* The value of the first tag called `wanted`; empty without one. */
static struct bytes find_tag(struct bytes text, const char *wanted)
{
    struct bytes name;
    struct bytes value;
    while (next_tag(&text, &name, &value)) {
        if (bytes_are(name, wanted)) {
            return value;
        }
    }
    return bytes_of(NULL, 0);
}

/* 1 to 3 from none to reject; 0 for no policy that is known. */
static int strictness(struct bytes policy)
{
    static const char *const policies[] = {"none", "quarantine", "reject"};
    for (int i = 0; i < 3; i++) {
        if (same_word(policy, bytes_of_string(policies[i]))) {
            return i + 1;
        }
    }
    return 0;
}

bool dmarc_is_enough(struct bytes published, struct bytes wanted)
{
    const int policy = dmarc_is_record(published) ? strictness(find_tag(published, "p")) : 0;
    return policy > 0 && policy >= strictness(find_tag(wanted, "p"));
}

bool dmarc_is_enough_below(struct bytes published, struct bytes wanted)
{
    const struct bytes below = find_tag(published, "sp");
    const int policy = dmarc_is_record(published) ? strictness(below) : 0;
    return policy > 0 ? policy >= strictness(find_tag(wanted, "p"))
                      : dmarc_is_enough(published, wanted);
}

enum dmarc_psd dmarc_psd_of(struct bytes published)
{
    const struct bytes said = find_tag(published, "psd");
    return same_word(said, bytes_of_string("y"))   ? DMARC_PSD_YES
           : same_word(said, bytes_of_string("n")) ? DMARC_PSD_NO
                                                   : DMARC_PSD_UNSAID;
}
