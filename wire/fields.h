/* The fields of sound RDATA, one after another, as its type's row lists them. Inside this floor
 * only. */
#ifndef FAULTZONE_WIRE_FIELDS_H
#define FAULTZONE_WIRE_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/name.h"
#include "wire/rrtype.h"

struct field {
    enum rdata_field kind; /* names of every kind of field are FIELD_NAME */
    uint32_t offset;       /* from `base` */
    uint32_t size;         /* octets where it stands: a compressed name's pointer, not its target */
};

struct field_walk {
    const uint8_t *base; /* what offsets and pointers count from */
    const uint8_t *layout;
    uint32_t at;
    uint32_t end;
};

/* Starts on RDATA that a scan found sound, `size` octets at `base` + `at`. A NULL `row`, or no
 * octets (an UPDATE's records may have none), is one field: FIELD_OPAQUE_REST. */
struct field_walk field_walk_start(const struct rrtype *row, const uint8_t *base, uint32_t at,
                                   uint32_t size);

/* The next field; false at the end. The rest of the RDATA, and a gateway, may be empty. */
bool field_next(struct field_walk *walk, struct field *ret);

/* The next field that is a name; false at the end. */
bool field_next_name(struct field_walk *walk, struct field *ret);

/* Octets of each kind of field whose size is always the same, 0 for the others. */
extern const uint8_t field_sizes[FIELDS];

#endif
