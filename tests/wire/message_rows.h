/* Messages, sound and not, and what each mode says of them. The tests judge them, and the fuzzer
 * starts from them. */
#ifndef FAULTZONE_TESTS_WIRE_MESSAGE_ROWS_H
#define FAULTZONE_TESTS_WIRE_MESSAGE_ROWS_H

#include "wire/message.h"

#define QUESTION "03'www'00 0001 0001"

/* A response with one question, its records at offset 21. */
#define RESPONSE(answers, authorities, additionals)                                                \
    "1234 8180 0001" #answers #authorities #additionals QUESTION
#define QUERY(additionals) "1234 0100 0001 0000 0000" #additionals QUESTION

#define ANSWER(rest) RESPONSE(0001, 0000, 0000) "c00c" rest
#define A_RECORD     "c00c 0001 0001 0000003c 0004 01020304"
#define OPT_RECORD   "00 0029 04d0 00000000 0000"
#define TSIG_RECORD  "00 00fa 00ff 00000000 0011 00 000000000000 012c 0000 1234 0000 0000"

struct message_row {
    const char *name;
    const char *hex;
    enum message_outcome strict;
    enum message_outcome lenient;
    uint32_t forgiven; /* in lenient mode */
};

#define FINE(name, hex)                                                                            \
    {                                                                                              \
        name, hex, MESSAGE_FINE, MESSAGE_FINE, 0                                                   \
    }
#define REFUSED(name, hex, outcome)                                                                \
    {                                                                                              \
        name, hex, outcome, outcome, 0                                                             \
    }
#define FORGIVEN(name, hex, outcome)                                                               \
    {                                                                                              \
        name, hex, outcome, MESSAGE_FINE, MESSAGE_BIT(outcome)                                     \
    }

static const struct message_row message_rows[] = {
    FINE("a query", QUERY(0000)),
    FINE("a query with OPT", QUERY(0001) OPT_RECORD),
    FINE("an answer", ANSWER("0001 0001 0000003c 0004 01020304")),
    FINE("a record without owner compression",
         RESPONSE(0001, 0000, 0000) "03'www'00 0001 0001 0000003c 0004 01020304"),
    FINE("all three sections",
         RESPONSE(0001, 0001, 0002) A_RECORD "00 0002 0001 00000000 0002 c00c" A_RECORD OPT_RECORD),
    FINE("an unknown type", ANSWER("ff00 0001 0000003c 0003 c0ffee")),
    FINE("an unknown type without data", ANSWER("ff00 0001 0000003c 0000")),
    FINE("TSIG at the end", RESPONSE(0001, 0000, 0001) A_RECORD TSIG_RECORD),
    REFUSED("nothing", "", MESSAGE_HEADER_CUT),
    REFUSED("eleven octets", "1234 8180 0001 0000 0000 00", MESSAGE_HEADER_CUT),

    REFUSED("D1 pointer to itself",
            RESPONSE(0001, 0000, 0000) "c015 0001 0001 0000003c 0004 01020304",
            MESSAGE_POINTER_AHEAD),
    REFUSED("D1 loop of two pointers",
            ANSWER("0002 0001 0000003c 0002 c023") "c021 0001 0001 0000003c 0004 01020304",
            MESSAGE_POINTER_AHEAD),
    REFUSED("D1 label and a pointer back to it",
            "1234 8180 0001 0000 0000 0000 01'a'c00c 0001 0001", MESSAGE_POINTER_AHEAD),
    REFUSED("D2 forward pointer", ANSWER("0002 0001 0000003c 0002 c030") A_RECORD,
            MESSAGE_POINTER_AHEAD),
    REFUSED("D2 pointer into later RDATA",
            RESPONSE(0002, 0000, 0000) "c021 0001 0001 0000003c 0004 01020304" A_RECORD,
            MESSAGE_POINTER_AHEAD),
    REFUSED("D2 a label behind a pointer that runs on over the pointer",
            RESPONSE(0002, 0000, 0000) "c00c ff00 0001 0000003c 0001 04"
                                       "c021 0001 0001 0000003c 0004 01020304",
            MESSAGE_POINTER_AHEAD),
    REFUSED("D2 a pointer behind a pointer whose second octet is the name's first",
            RESPONSE(0002, 0000, 0000) "c00c ff00 0001 0000003c 0003 01'x'c0"
                                       "0c'abcdefghijkl'c021 0001 0001 0000003c 0004 01020304",
            MESSAGE_POINTER_AHEAD),
    FINE("a label behind a pointer that ends where the pointer stands",
         RESPONSE(0002, 0000, 0000) "c00c ff00 0001 0000003c 0003 01'a'00"
                                    "c021 0001 0001 0000003c 0004 01020304"),
    REFUSED("D4 pointer to offset 4",
            RESPONSE(0001, 0000, 0000) "c004 0001 0001 0000003c 0004 01020304",
            MESSAGE_POINTER_HEADER),
    REFUSED("D4 pointer to offset 0",
            RESPONSE(0001, 0000, 0000) "c000 0001 0001 0000003c 0004 01020304",
            MESSAGE_POINTER_HEADER),
    REFUSED("D4 pointer to offset 11",
            RESPONSE(0001, 0000, 0000) "c00b 0001 0001 0000003c 0004 01020304",
            MESSAGE_POINTER_HEADER),
    REFUSED("D5 label octet 0x40",
            RESPONSE(0001, 0000, 0000) "40 00 0001 0001 0000003c 0004 01020304",
            MESSAGE_LABEL_TYPE),
    REFUSED("D5 label octet 0x80",
            RESPONSE(0001, 0000, 0000) "80 00 0001 0001 0000003c 0004 01020304",
            MESSAGE_LABEL_TYPE),
    REFUSED("D5 label octet 0xbf in RDATA", ANSWER("0005 0001 0000003c 0003 bf0000"),
            MESSAGE_LABEL_TYPE),
    FINE("D7 dot, NUL, backslash, ESC and no UTF-8 in a label",
         "1234 0100 0001 0000 0000 0000 06'.'00'\\'1bfffe00 0001 0001"),
    FORGIVEN("D8 A of 0 octets", ANSWER("0001 0001 0000003c 0000"), MESSAGE_RDATA_SHORT),
    FORGIVEN("D8 A of 3 octets", ANSWER("0001 0001 0000003c 0003 010203"), MESSAGE_RDATA_SHORT),
    FORGIVEN("D8 A of 6 octets", ANSWER("0001 0001 0000003c 0006 010203040506"),
             MESSAGE_RDATA_LONG),
    FORGIVEN("D8 A of 16 octets",
             ANSWER("0001 0001 0000003c 0010 00000000000000000000000000000001"),
             MESSAGE_RDATA_LONG),
    FORGIVEN("D8 AAAA of 4 octets", ANSWER("001c 0001 0000003c 0004 01020304"),
             MESSAGE_RDATA_SHORT),
    FORGIVEN("D8 DHCID of nothing", ANSWER("0031 0001 0000003c 0000"), MESSAGE_RDATA_SHORT),
    FORGIVEN("D8 OPENPGPKEY of nothing", ANSWER("003d 0001 0000003c 0000"), MESSAGE_RDATA_SHORT),
    FINE("D8 NULL of nothing", ANSWER("000a 0001 0000003c 0000")),
    FINE("D8 a type unknown to us, of nothing", ANSWER("fde8 0001 0000003c 0000")),
    FORGIVEN("D9 A of 19 octets that hides a record",
             ANSWER("0001 0001 0000003c 0013 01020304 00 0001 0001 0000003c 0004 05060708"),
             MESSAGE_RDATA_LONG),
    FORGIVEN("D10 CNAME longer than RDLENGTH",
             RESPONSE(0002, 0000, 0000) "c00c 0005 0001 0000003c 0003 03'ab'" A_RECORD,
             MESSAGE_RDATA_SHORT),
    FORGIVEN("D10 CNAME longer than RDLENGTH and than the message",
             ANSWER("0005 0001 0000003c 0003 03'ab'"), MESSAGE_RDATA_SHORT),
    FORGIVEN("D10 CNAME shorter than RDLENGTH", ANSWER("0005 0001 0000003c 0004 01'a'0000"),
             MESSAGE_RDATA_LONG),
    FORGIVEN("D10 CNAME cut in its pointer", ANSWER("0005 0001 0000003c 0001 c0"),
             MESSAGE_RDATA_SHORT),
    FORGIVEN("D10 CNAME without octets", ANSWER("0005 0001 0000003c 0000"), MESSAGE_RDATA_SHORT),
    FORGIVEN("D11 MX without exchange", ANSWER("000f 0001 0000003c 0002 000a"),
             MESSAGE_RDATA_SHORT),
    FORGIVEN("D11 MX of one octet", ANSWER("000f 0001 0000003c 0001 00"), MESSAGE_RDATA_SHORT),
    FORGIVEN("D11 SOA without its minimum",
             ANSWER("0006 0001 0000003c 0014 c00c c00c 00000001 00000002 00000003 00000004"),
             MESSAGE_RDATA_SHORT),
    FORGIVEN("D11 SOA with one name", ANSWER("0006 0001 0000003c 0002 c00c"), MESSAGE_RDATA_SHORT),
    REFUSED("D12 65535 answers, none there", RESPONSE(ffff, 0000, 0000), MESSAGE_RECORD_CUT),
    REFUSED("D12 65535 questions, one there", "1234 8180 ffff 0000 0000 0000" QUESTION,
            MESSAGE_QUESTION_SEVERAL),
    FORGIVEN("D13 an octet after the last record", ANSWER("0001 0001 0000003c 0004 01020304") "00",
             MESSAGE_TRAILING),
    FORGIVEN("D13 a record after the counts", RESPONSE(0001, 0000, 0000) A_RECORD A_RECORD,
             MESSAGE_TRAILING),
    FORGIVEN("D14 a response that is only a header", "1234 8181 0000 0000 0000 0000",
             MESSAGE_HEADER_ONLY),
    FORGIVEN("D14 a response with OPT and no question", "1234 8181 0000 0000 0000 0001" OPT_RECORD,
             MESSAGE_QUESTION_MISSING),
    FORGIVEN("D14 a query without a question", "1234 0100 0000 0000 0000 0000",
             MESSAGE_QUESTION_MISSING),
    FORGIVEN("D14 a response with two questions", "1234 8180 0002 0000 0000 0000" QUESTION QUESTION,
             MESSAGE_QUESTION_SEVERAL),
    FORGIVEN("D15 two OPT", RESPONSE(0000, 0000, 0002) OPT_RECORD OPT_RECORD, MESSAGE_OPT_SEVERAL),
    FORGIVEN("D15 OPT in the answer", RESPONSE(0001, 0000, 0000) OPT_RECORD, MESSAGE_OPT_MISPLACED),
    FORGIVEN("D15 OPT in the authority", RESPONSE(0000, 0001, 0000) OPT_RECORD,
             MESSAGE_OPT_MISPLACED),
    FORGIVEN("D15 OPT not at the root", RESPONSE(0000, 0000, 0001) "c00c 0029 04d0 00000000 0000",
             MESSAGE_OPT_OWNER),
    FORGIVEN("D15 option longer than the OPT",
             RESPONSE(0000, 0000, 0001) "00 0029 04d0 00000000 0006 000a 0008 0102",
             MESSAGE_OPT_OPTIONS),
    FORGIVEN("D15 half an option", RESPONSE(0000, 0000, 0001) "00 0029 04d0 00000000 0003 000a00",
             MESSAGE_OPT_OPTIONS),
    FORGIVEN("D15 a response in version 5", RESPONSE(0000, 0000, 0001) "00 0029 04d0 00050000 0000",
             MESSAGE_OPT_VERSION),
    FINE("D15 a query in version 5", QUERY(0001) "00 0029 04d0 00050000 0000"),
    REFUSED("D17 two TSIG", RESPONSE(0000, 0000, 0002) TSIG_RECORD TSIG_RECORD,
            MESSAGE_TSIG_SEVERAL),
    REFUSED("D17 TSIG before another record", RESPONSE(0000, 0000, 0002) TSIG_RECORD A_RECORD,
            MESSAGE_TSIG_MISPLACED),
    REFUSED("D17 TSIG before OPT", RESPONSE(0000, 0000, 0002) TSIG_RECORD OPT_RECORD,
            MESSAGE_TSIG_MISPLACED),
    REFUSED("D17 TSIG in the answer", RESPONSE(0001, 0000, 0000) TSIG_RECORD,
            MESSAGE_TSIG_MISPLACED),
    FORGIVEN("D18 TXT of 0 octets", ANSWER("0010 0001 0000003c 0000"), MESSAGE_TXT_EMPTY),
    FINE("D18 TXT of one empty string", ANSWER("0010 0001 0000003c 0001 00")),
    FINE("ISDN of two strings", ANSWER("0014 0001 0000003c 0004 01'1' 01'2'")),
    FORGIVEN("ISDN of three strings", ANSWER("0014 0001 0000003c 0006 01'1' 01'2' 01'3'"),
             MESSAGE_RDATA_LONG),
    FINE("D20 TXT with NUL and 0xff", ANSWER("0010 0001 0000003c 0004 0300ff0a")),
    REFUSED("D21 string longer than RDLENGTH", ANSWER("0010 0001 0000003c 0003 03'ab'"),
            MESSAGE_RDATA_STRING),
    REFUSED("D21 second string of HINFO longer than RDLENGTH",
            ANSWER("000d 0001 0000003c 0005 02'ab'05'c'"), MESSAGE_RDATA_STRING),
    REFUSED("D21 salt longer than RDLENGTH", ANSWER("0033 0001 0000003c 0006 01 00 000a 08 aa"),
            MESSAGE_RDATA_STRING),

#define D22_FINE(type, rdata) FINE("D22 compressed " #type, ANSWER(rdata))
    D22_FINE(NS, "0002 0001 0000003c 0002 c00c"),
    D22_FINE(MD, "0003 0001 0000003c 0002 c00c"),
    D22_FINE(MF, "0004 0001 0000003c 0002 c00c"),
    D22_FINE(CNAME, "0005 0001 0000003c 0002 c00c"),
    D22_FINE(SOA, "0006 0001 0000003c 0018 c00c c00c 00000001 00000002 00000003 00000004 00000005"),
    D22_FINE(MB, "0007 0001 0000003c 0002 c00c"),
    D22_FINE(MG, "0008 0001 0000003c 0002 c00c"),
    D22_FINE(MR, "0009 0001 0000003c 0002 c00c"),
    D22_FINE(PTR, "000c 0001 0000003c 0002 c00c"),
    D22_FINE(MINFO, "000e 0001 0000003c 0004 c00c c00c"),
    D22_FINE(MX, "000f 0001 0000003c 0004 000a c00c"),

#define D22_FORGIVEN(type, rdata)                                                                  \
    FORGIVEN("D22 compressed " #type, ANSWER(rdata), MESSAGE_RDATA_COMPRESSED)
    D22_FORGIVEN(RP, "0011 0001 0000003c 0004 c00c c00c"),
    D22_FORGIVEN(AFSDB, "0012 0001 0000003c 0004 0001 c00c"),
    D22_FORGIVEN(RT, "0015 0001 0000003c 0004 000a c00c"),
    D22_FORGIVEN(SIG,
                 "0018 0001 0000003c 0016 0001 05 01 0000003c 00000001 00000000 1234 c00c 'ab'"),
    D22_FORGIVEN(PX, "001a 0001 0000003c 0006 000a c00c c00c"),
    D22_FORGIVEN(NXT, "001e 0001 0000003c 0003 c00c 40"),
    D22_FORGIVEN(SRV, "0021 0001 0000003c 0008 0001 0002 0003 c00c"),
    D22_FORGIVEN(NAPTR, "0023 0001 0000003c 000b 0001 0002 01'u' 01'e' 00 c00c"),

#define D22_REFUSED(type, rdata)                                                                   \
    REFUSED("D22 compressed " #type, ANSWER(rdata), MESSAGE_RDATA_COMPRESSED)
    D22_REFUSED(KX, "0024 0001 0000003c 0004 0001 c00c"),
    D22_REFUSED(DNAME, "0027 0001 0000003c 0002 c00c"),
    D22_REFUSED(IPSECKEY, "002d 0001 0000003c 0006 0a 03 02 c00c ab"),
    D22_REFUSED(RRSIG,
                "002e 0001 0000003c 0015 0001 05 01 0000003c 00000001 00000000 1234 c00c ab"),
    D22_REFUSED(NSEC, "002f 0001 0000003c 0005 c00c 000140"),
    D22_REFUSED(HIP, "0037 0001 0000003c 0008 01 02 0001 aa bb c00c"),
    D22_REFUSED(SVCB, "0040 0001 0000003c 0004 0001 c00c"),
    D22_REFUSED(HTTPS, "0041 0001 0000003c 0004 0001 c00c"),
    D22_REFUSED(LP, "006b 0001 0000003c 0004 0001 c00c"),
    D22_REFUSED(NSAP_PTR, "0017 0001 0000003c 0002 c00c"),
    D22_REFUSED(AMTRELAY, "0104 0001 0000003c 0004 0a 03 c00c"),
    FINE("D22 pointer octets in an unknown type are data", ANSWER("ff00 0001 0000003c 0002 c0ff")),

    REFUSED("question cut before its class", "1234 0100 0001 0000 0000 0000 00 0001 00",
            MESSAGE_QUESTION_CUT),
    REFUSED("question missing at the end", "1234 0100 0001 0000 0000 0000", MESSAGE_QUESTION_CUT),
    REFUSED("question name cut", "1234 0100 0001 0000 0000 0000 03'ww'", MESSAGE_NAME_CUT),
    REFUSED("pointer cut in two", RESPONSE(0001, 0000, 0000) "c0", MESSAGE_NAME_CUT),
    REFUSED("fixed fields cut", ANSWER("0001 0001 000000"), MESSAGE_RECORD_CUT),
    REFUSED("RDATA cut", ANSWER("0001 0001 0000003c 0004 010203"), MESSAGE_RECORD_CUT),
    FINE("UPDATE may have records without data",
         "1234 2800 0001 0001 0000 0000" QUESTION "c00c 0001 00ff 00000000 0000"),
    FINE("UPDATE may delete what has names",
         "1234 2800 0001 0000 0001 0000" QUESTION "c00c 0009 00ff 00000000 0000"),
    FORGIVEN("a query may not",
             "1234 0000 0001 0001 0000 0000" QUESTION "c00c 0001 00ff 00000000 0000",
             MESSAGE_RDATA_SHORT),
    FORGIVEN("TSIG must have data in an UPDATE too",
             "1234 2800 0001 0000 0000 0001" QUESTION "c00c 00fa 00ff 00000000 0000",
             MESSAGE_RDATA_SHORT),
};

#endif
