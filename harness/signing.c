/* See the header. Our own header fields and body are written so that relaxed canonicalization (RFC
 * 6376 3.4.2, 3.4.4) leaves the body as it is and only lowers the names of the fields. */
#include "harness/signing.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

#define HEADER_OCTETS_MAX    8192
#define SIGNATURE_OCTETS_MAX (KEY_PAIR_BITS_MAX / 8)
#define DIGEST_OCTETS_MAX    32
#define FOLD_COLUMNS         72
#define SIGNED_AT            "1767225600" /* 2026-01-01 00:00:00 UTC, as the Date field says */

static const char body[] = "This message was signed with a test key, so that a verifier can be\r\n"
                           "asked what it makes of the key that the DNS shows.\r\n";

static const char separator[] = "._domainkey.";

static const char signed_fields[] = "from:to:subject:date:message-id";

/* --- digests and signatures --- */

struct method {
    const char *name; /* a= */
    enum key_pair_type type;
    const char *digest;
};

static const struct method methods[] = {
    [DKIM_RSA_SHA256] = {"rsa-sha256", KEY_PAIR_RSA, "SHA256"},
    [DKIM_RSA_SHA1] = {"rsa-sha1", KEY_PAIR_RSA, "SHA1"},
    [DKIM_ED25519_SHA256] = {"ed25519-sha256", KEY_PAIR_ED25519, "SHA256"},
};

static const struct method *method_of(const struct signing *signing)
{
    enum dkim_algorithm algorithm = signing->algorithm;
    if (algorithm == DKIM_ALGORITHM_BY_KEY) {
        algorithm = signing->pair->type == KEY_PAIR_RSA ? DKIM_RSA_SHA256 : DKIM_ED25519_SHA256;
    }
    return &methods[algorithm];
}

static bool digest(const struct method *method, struct bytes data, uint8_t *ret, size_t *ret_size)
{
    return EVP_Q_digest(NULL, method->digest, NULL, data.data, data.size, ret, ret_size) == 1;
}

/* RFC 8463 3: what Ed25519 signs is the hash, not the data. */
static bool sign_with(EVP_PKEY *key, EVP_MD_CTX *context, const struct method *method,
                      struct bytes data, uint8_t *ret, size_t *ret_size)
{
    uint8_t hash[DIGEST_OCTETS_MAX];
    size_t size = sizeof hash;
    if (method->type == KEY_PAIR_RSA) {
        return EVP_DigestSignInit_ex(context, NULL, method->digest, NULL, NULL, key, NULL) == 1 &&
               EVP_DigestSign(context, ret, ret_size, data.data, data.size) == 1;
    }
    return digest(method, data, hash, &size) &&
           EVP_DigestSignInit_ex(context, NULL, NULL, NULL, NULL, key, NULL) == 1 &&
           EVP_DigestSign(context, ret, ret_size, hash, size) == 1;
}

static bool sign(const struct signing *signing, struct bytes data, uint8_t *ret, size_t *ret_size)
{
    const uint8_t *der = signing->pair->private_der.data;
    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &der, (long)signing->pair->private_der.size);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const bool fine = key != NULL && context != NULL &&
                      sign_with(key, context, method_of(signing), data, ret, ret_size);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return fine;
}

/* --- what a step asks for --- */

/* The text of the labels before `_domainkey`, without a final dot; empty if there are none. */
static struct bytes selector_of(const struct name *name, struct arena *arena)
{
    char buffer[NAME_TEXT_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    name_put(&text, name);
    for (size_t at = 0; at + strlen(separator) <= text.size; at++) {
        if (strncasecmp(text.data + at, separator, strlen(separator)) == 0) {
            return arena_copy(arena, bytes_of(text.data, at));
        }
    }
    return bytes_of(NULL, 0);
}

bool signing_of_step(const struct dkim_step *step, struct arena *arena, struct signing *ret,
                     const char **reterr)
{
    if (step->signer == NULL) {
        *reterr = "nobody has the private half of its key: name one under `keys` and `sign-with`";
        return false;
    }
    *ret = (struct signing){
        .pair = step->signer,
        .algorithm = step->signature.algorithm,
        .selector = selector_of(&step->name, arena),
        .domain = step->signature.domain,
        .identity = step->signature.identity,
    };
    *reterr = "its name is not <selector>._domainkey.<domain>";
    return ret->selector.size > 0;
}

/* --- the header --- */

static void put_domain(struct text *text, struct bytes domain)
{
    const bool has_dot = domain.size > 0 && domain.data[domain.size - 1] == '.';
    text_put_bytes(text, bytes_of(domain.data, domain.size - has_dot));
}

/* The author is whom the signature speaks for. */
static void put_author(struct text *text, const struct signing *signing)
{
    const struct bytes identity = signing->identity;
    const uint8_t *at = identity.size > 0 ? memchr(identity.data, '@', identity.size) : NULL;
    if (at == NULL || at == identity.data) {
        text_put(text, "sender@");
        put_domain(text, at == NULL ? signing->domain : bytes_of(at + 1, identity.size - 1));
    } else {
        text_put_bytes(text, identity);
    }
}

/* The fields of `signed_fields`, in its order; `raw` or as relaxed canonicalization makes them. */
static void put_fields(struct text *text, const struct signing *signing, bool raw)
{
    static const struct {
        const char *raw, *relaxed, *value;
    } fields[] = {
        {"From: ", "from:", NULL},
        {"To: ", "to:", "receiver@receiver.example"},
        {"Subject: ", "subject:", "A test message"},
        {"Date: ", "date:", "Thu, 01 Jan 2026 00:00:00 +0000"},
        {"Message-ID: ", "message-id:", "<1@faultzone.example>"},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        text_put(text, raw ? fields[i].raw : fields[i].relaxed);
        if (fields[i].value != NULL) {
            text_put(text, fields[i].value);
        } else {
            put_author(text, signing);
        }
        text_put(text, "\r\n");
    }
}

/* The signature field's value up to b=, in which relaxed canonicalization finds nothing to change.
 */
static void put_tags(struct text *text, const struct signing *signing, const char *body_hash)
{
    text_put(text, "v=1; a=");
    text_put(text, method_of(signing)->name);
    text_put(text, "; c=relaxed/relaxed; d=");
    put_domain(text, signing->domain);
    text_put(text, "; s=");
    text_put_bytes(text, signing->selector);
    if (signing->identity.size > 0) {
        text_put(text, "; i=");
        text_put_bytes(text, signing->identity);
    }
    text_put_format(text, "; t=" SIGNED_AT "; h=%s; bh=%s; b=", signed_fields, body_hash);
}

/* --- the whole --- */

/* Base64, with `fold` before every line of it. */
static void put_base64(struct text *text, const uint8_t *octets, size_t size, const char *fold)
{
    char encoded[SIGNATURE_OCTETS_MAX / 3 * 4 + 8];
    const size_t length = (size_t)EVP_EncodeBlock((uint8_t *)encoded, octets, (int)size);
    for (size_t at = 0; at < length; at += FOLD_COLUMNS) {
        const size_t left = length - at;
        text_put(text, fold);
        text_put_bytes(text, bytes_of(encoded + at, left < FOLD_COLUMNS ? left : FOLD_COLUMNS));
    }
}

static bool put_signed(struct text *text, const struct signing *signing, const char **reterr)
{
    char tags[HEADER_OCTETS_MAX], signed_text[2 * HEADER_OCTETS_MAX], body_hash[64];
    uint8_t hash[DIGEST_OCTETS_MAX], signature[SIGNATURE_OCTETS_MAX];
    size_t hash_size = sizeof hash, signature_size = sizeof signature;
    struct text line = text_in(tags, sizeof tags), data = text_in(signed_text, sizeof signed_text);
    struct text short_text = text_in(body_hash, sizeof body_hash);
    if (!digest(method_of(signing), bytes_of_string(body), hash, &hash_size)) {
        *reterr = "OpenSSL cannot make the hash";
        return false;
    }
    put_base64(&short_text, hash, hash_size, "");
    put_tags(&line, signing, body_hash);
    put_fields(&data, signing, false);
    text_put(&data, "dkim-signature:");
    text_put(&data, tags);
    if (!sign(signing, bytes_of(data.data, data.size), signature, &signature_size)) {
        *reterr = "OpenSSL cannot sign with this key: is it too short for the hash?";
        return false;
    }
    text_put(text, "DKIM-Signature: ");
    text_put(text, tags);
    put_base64(text, signature, signature_size, "\r\n ");
    text_put(text, "\r\n");
    put_fields(text, signing, true);
    text_put(text, "\r\n");
    text_put(text, body);
    *reterr = "a name is too long for a header field";
    return !line.overflow && !data.overflow && !text->overflow;
}

bool signing_message(const struct signing *signing, struct arena *arena, struct bytes *ret,
                     const char **reterr)
{
    char buffer[(size_t)2 * HEADER_OCTETS_MAX + sizeof body];
    struct text text = text_in(buffer, sizeof buffer);
    if (method_of(signing)->type != signing->pair->type) {
        *reterr = "the signature's algorithm is not one for this type of key";
        return false;
    }
    if (!put_signed(&text, signing, reterr)) {
        return false;
    }
    *ret = arena_copy(arena, bytes_of(text.data, text.size));
    *reterr = "not enough memory for the message";
    return ret->data != NULL;
}
