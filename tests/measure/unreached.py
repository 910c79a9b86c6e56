"""Lines that no test reaches, each with its reason: ./dev coverage reports the others. A reason holds
for the unreached lines right behind its own, too.

file, function, the line, why nothing reaches it"""

EVERY_CASE = "Every enumerator has its case above; the compiler wants an end."

UNREACHED = [
    ("mail/base64.c", "base64_fault_text", 'return "";', EVERY_CASE),
    ("mail/dkim_key.c", "dkim_key_type_name", 'return "none";', EVERY_CASE),
    ("mail/spki.c", "spki_fault_text", 'return "";', EVERY_CASE),
    ("mail/dkim_key.c", "base64_place", "return value.size;",
     "The octet was decoded from this text, so its characters are there."),
    ("resolver/proof.c", "proof_add", "proof->overflow = true;",
     "Of the types that are collected, NS alone may be compressed, and its one name fits the buffer."),
    ("resolver/scratch.c", "scratch_take_record", "return false;",
     "Taken are SOA records: two names and five numbers always fit."),
]
