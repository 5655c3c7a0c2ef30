#pragma once

#include <stddef.h>
#include <stdint.h>

// The algorithms, by their numbers in OpenPGP (RFC 9580, section 9.5), which are those of rpm's headers, too.
enum {
    CDIGEST_MD5 = 1,
    CDIGEST_SHA1 = 2,
    CDIGEST_SHA256 = 8,
    CDIGEST_SHA384 = 9,
    CDIGEST_SHA512 = 10,
};

// A digest under way, a plain value: a copy of it goes on by itself.
struct cdigest {
    // What the algorithm has made of whole blocks; SHA-384 and SHA-512 count in the long words.
    union {
        uint32_t words[8];
        uint64_t longs[8];
    } state;
    // The bytes so far.
    uint64_t length;
    // The beginning of the next block.
    uint8_t rest[128];
    int algorithm;
};

// `algorithm`: one of those above.
void cdigest_begin(struct cdigest *digest, int algorithm);
void cdigest_update(struct cdigest *digest, const void *bytes, size_t count);

// Writes the digest of all bytes so far, 64 bytes at most, and returns how many those are. `digest` is of no use after it.
size_t cdigest_end(struct cdigest *digest, uint8_t result[64]);
