/* Public keys in base64, as p= publishes them. Made for tests with openssl; their private halves
 * were thrown away. Never publish them. */
#ifndef FAULTZONE_TESTS_MAIL_TEST_KEYS_H
#define FAULTZONE_TESTS_MAIL_TEST_KEYS_H

/* The real record of cs1.domainkey.coresender.net, published; 2048 bits, strings of 255 and 155
 * octets. */
#define ARTICLE_FIRST                                                                              \
    "v=DKIM1; k=rsa; "                                                                             \
    "p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0Mi1ZbalFRcpxsXtoK7zbN76nPr4NFWTXYgnu"          \
    "j8HMRKLiheg8AKegChOttXmHWqOFEiIM7+a6b7Xsq5rAgLQ+"                                             \
    "eWb3rqq4153WoXq226mpTLLMVb5jjt1xqktlyUaVYq4AvOiOe2X"                                          \
    "c1g8MV8UK/2ghSUqDSWXWBuKo03EAkWEFYOp0vCQxg2erusZnL2A6u+v4"
#define ARTICLE_SECOND                                                                             \
    "P2Si2dMNVsq6wtwImB80KN/VmTpGldl2f4L3mIM83ItiYDnAlO7+uc4IOsUMl+o4h/"                           \
    "+LDsVwdhmiSCscKX8ktjlaKHWy1qeMO7QG"                                                           \
    "+ic/DF5WdrUytARpGKIRt/fYrngOTreQcNu5dYY7NPG5kF+6wIDAQAB"

/* 512 bits: too short for anything (RFC 8301 3.2) */
#define RSA_512                                                                                    \
    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAOn7DKx5v8Dyhj6y5dMtjImwBPcOCaCCl7nHH5PLhBjridAX"             \
    "5zU9qWZlPPHMR0H6/n+gnzIX3r+Iq8m8nDD9BPECAwEAAQ=="

/* 1000 bits: just too short */
#define RSA_1000                                                                                   \
    "MIGbMA0GCSqGSIb3DQEBAQUAA4GJADCBhQJ+AMw9vEU1Yj1PH4mtnbrbnsJo6KMxDnZOE6H5kgG0Eb+s"             \
    "GxyKwdn/GxurtDMC/fommIIX9jQHa8zGIrvn3+DElleBwgs/uRcY2Xvv95Uv5jL5evY9tkh33sy5nWjR"             \
    "M/YdC5mSe78uWjgCxIrGi8Bq38qv5H6egpXJ0Lq974rxAgMBAAE="

/* 1024 bits: just long enough */
#define RSA_1024                                                                                   \
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCw/D7lqqeVJcKqoHs4RHn4Jn8QV8Opm2RYtcRgdfYW"             \
    "QmRN661XVZxoBKVO+1nkJgFw9mYKfgxx7mjbW2W24oVUbJlP5evn3bhpGGvyO3WHHWwAJA0xTgd0aTKE"             \
    "SMaIVzZy8WZZnMA1uQJrWgg7mKGN+pZTo70tW3ixcZBLNEpvDwIDAQAB"

/* 2048 bits */
#define RSA_2048                                                                                   \
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtHrcYAxXSP92Kk5bgWV10ul8aa8WyVrVxibV"             \
    "z35dzMkRnF4t7kXunmwO46ZZUcyb88TJhVBax0ZWK3nzybJJ2BYv4IoXVcUeWXnqtUOFRez2v9xnz/ha"             \
    "5oyi9iBMlhWagi1NuYW3b4dGY5oRcZa4/72nfoz3+mHnUSYtsY3+Ym1DLqGiTPwIZrfY5M4HFQaJ6mEG"             \
    "VrbHCmuVVS6EeiOZS+JtkfgunXJcnL0Ae8mIlkPr6U9ltAVhQcT4y8lffeLCDMS5CTeX8WPuz6yDed2R"             \
    "y8Yy46nnsXW7jT6GASuxeEYl/e8JzR8SoEFgr3bl7TTPJvZB4ciFCpmEeUbt0RLMjQIDAQAB"

/* 4096 bits */
#define RSA_4096                                                                                   \
    "MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAmXOcrqe5TSQzab2P4T04KMoNtRcUul2zxIlQ"             \
    "djdenNeS3JTSu6d9Vf13o5lCQEjKC+biuwhHKsHcMO/ycvfFYlotnxv/2SfNS5AvIsxTyxwpx4OJ3oTO"             \
    "QwS5+P/Lo7OjX/ZTJs3rh9WanbVC/1X0aNawjZYiw9sTXcAp5O1X5bAEJJbO/QRmJhi89FCjMSGx0jqz"             \
    "beGi/Lnkhu/buvPGfF6afR92ddmCv4Ho2Km/pXO6txOS7SrxcHY6g6WhEP7+BBpGbXDdvZpVQF2LL97e"             \
    "D4INMVz2u8ZnWUpV/CIaL4KSNhST01XCeFRjjVqdWkPCCKNAQUA7Vae+OOIGUSlCzYwE2AKQKx7kpaeU"             \
    "EuueRextdXjjf+/jdK9IVbeIwlmB9xCEETVIoBOf4Vo7dTHrjD3d44sQWAJdvXCRsZ3D8MTnAfoE8vgi"             \
    "GWwPz1776WO8qExVuMqLZje2QkrEyWWgiMvsundOJ7rLT/wUZAut3HOMUgu0kaKfalvG2biPu68/yY3j"             \
    "r+VqrodP4IK1AD6bLIRifcUufhCvIv1ZoKeGpPowTjjH8VVRX8Oq6lr0fpgiXqYbGGT+/1jCtnW8okWr"             \
    "wz+E0jUAT2YCUyGG4v0By/QvcbpTBbh+5R8NSsy4x20LRqAf0YBs3RiH9QkLk138fFonGGw4YysVDPLe"             \
    "FGxzM+UCAwEAAQ=="

/* The 2048-bit key as a bare RSAPublicKey */
#define RSA_2048_PKCS1                                                                             \
    "MIIBCgKCAQEAtHrcYAxXSP92Kk5bgWV10ul8aa8WyVrVxibVz35dzMkRnF4t7kXunmwO46ZZUcyb88TJ"             \
    "hVBax0ZWK3nzybJJ2BYv4IoXVcUeWXnqtUOFRez2v9xnz/ha5oyi9iBMlhWagi1NuYW3b4dGY5oRcZa4"             \
    "/72nfoz3+mHnUSYtsY3+Ym1DLqGiTPwIZrfY5M4HFQaJ6mEGVrbHCmuVVS6EeiOZS+JtkfgunXJcnL0A"             \
    "e8mIlkPr6U9ltAVhQcT4y8lffeLCDMS5CTeX8WPuz6yDed2Ry8Yy46nnsXW7jT6GASuxeEYl/e8JzR8S"             \
    "oEFgr3bl7TTPJvZB4ciFCpmEeUbt0RLMjQIDAQAB"

/* 32 octets, as RFC 8463 publishes them */
#define ED25519 "34nndtcRv1WUaIOLkwf/smKgV/R3y+nZvU+xSteuKHM="

/* The same key in a SubjectPublicKeyInfo */
#define ED25519_SPKI "MCowBQYDK2VwAyEA34nndtcRv1WUaIOLkwf/smKgV/R3y+nZvU+xSteuKHM="

/* An ECDSA key, P-256 */
#define P256_SPKI                                                                                  \
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAENRH8o0oV/5vbHIm+YUXmKH0vS0N5t/tc/cffE4uTpCeu"             \
    "GlF6RjVmFzJXubrm/9AMiGX/Bmdyhu0+R+qZrYsRdw=="

#endif
