/* What the tests of the codec share. */
#ifndef FAULTZONE_TESTS_WIRE_SUPPORT_H
#define FAULTZONE_TESTS_WIRE_SUPPORT_H

#include "tests/support/support.h"
#include "tests/wire/hex.h"
#include "wire/message.h"
#include "wire/rrtype.h"

#endif
