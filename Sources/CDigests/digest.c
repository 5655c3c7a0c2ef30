// Cuts what comes into blocks, and ends the last one: the same for all algorithms but for sizes and the order of bytes.

#include "CDigests.h"
#include "blocks.h"

#include <string.h>

// FIPS 180-4, section 5.3; RFC 1321, section 3.3, whose four words are SHA-1's first four.
static const uint32_t md5_and_sha1[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
static const uint32_t sha256[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};
static const uint64_t sha384[8] = {
    0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
    0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
};
static const uint64_t sha512[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

static int is_long(const struct cdigest *digest) {
    return digest->algorithm == CDIGEST_SHA384 || digest->algorithm == CDIGEST_SHA512;
}

static size_t block_size(const struct cdigest *digest) { return is_long(digest) ? 128 : 64; }

void cdigest_begin(struct cdigest *digest, int algorithm) {
    memset(digest, 0, sizeof *digest);
    digest->algorithm = algorithm;
    switch (algorithm) {
    case CDIGEST_MD5:
    case CDIGEST_SHA1: memcpy(digest->state.words, md5_and_sha1, sizeof md5_and_sha1); break;
    case CDIGEST_SHA256: memcpy(digest->state.words, sha256, sizeof sha256); break;
    case CDIGEST_SHA384: memcpy(digest->state.longs, sha384, sizeof sha384); break;
    case CDIGEST_SHA512: memcpy(digest->state.longs, sha512, sizeof sha512); break;
    }
}

static void take_blocks(struct cdigest *digest, const uint8_t *bytes, size_t count) {
    if (count == 0) return;
    switch (digest->algorithm) {
    case CDIGEST_MD5: cdigest_md5_blocks(digest->state.words, bytes, count); break;
    case CDIGEST_SHA1: cdigest_sha1_blocks(digest->state.words, bytes, count); break;
    case CDIGEST_SHA256: cdigest_sha256_blocks(digest->state.words, bytes, count); break;
    case CDIGEST_SHA384:
    case CDIGEST_SHA512: cdigest_sha512_blocks(digest->state.longs, bytes, count); break;
    }
}

void cdigest_update(struct cdigest *digest, const void *bytes, size_t count) {
    const size_t size = block_size(digest);
    const size_t held = digest->length % size;
    const uint8_t *next = bytes;
    if (count == 0) return;
    digest->length += count;
    if (held > 0) {
        const size_t taken = count < size - held ? count : size - held;
        memcpy(digest->rest + held, next, taken);
        if (held + taken < size) return;
        take_blocks(digest, digest->rest, 1);
        next += taken;
        count -= taken;
    }
    take_blocks(digest, next, count / size);
    memcpy(digest->rest, next + count / size * size, count % size);
}

// After a one come zeros, and at the end of a block how many bits there were: in 8 bytes, and in SHA-512 in 16, of which no
// input here fills the first 8.
static void fill_last_block(struct cdigest *digest) {
    const size_t size = block_size(digest);
    const size_t room = size - size / 8;
    const uint64_t bits = digest->length * 8;
    size_t held = digest->length % size;
    digest->rest[held++] = 0x80;
    if (held > room) {
        memset(digest->rest + held, 0, size - held);
        take_blocks(digest, digest->rest, 1);
        held = 0;
    }
    memset(digest->rest + held, 0, size - held);
    for (size_t place = 0; place < 8; place++) {
        const size_t shift = digest->algorithm == CDIGEST_MD5 ? place : 7 - place;
        digest->rest[size - 8 + place] = (uint8_t)(bits >> shift * 8);
    }
    take_blocks(digest, digest->rest, 1);
}

static size_t result_size(int algorithm) {
    switch (algorithm) {
    case CDIGEST_MD5: return 16;
    case CDIGEST_SHA1: return 20;
    case CDIGEST_SHA256: return 32;
    case CDIGEST_SHA384: return 48;
    case CDIGEST_SHA512: return 64;
    }
    return 0;
}

size_t cdigest_end(struct cdigest *digest, uint8_t result[64]) {
    const size_t size = result_size(digest->algorithm);
    fill_last_block(digest);
    for (size_t place = 0; place < size; place++) {
        if (is_long(digest)) {
            result[place] = (uint8_t)(digest->state.longs[place / 8] >> (7 - place % 8) * 8);
        } else {
            const size_t byte = digest->algorithm == CDIGEST_MD5 ? place % 4 : 3 - place % 4;
            result[place] = (uint8_t)(digest->state.words[place / 4] >> byte * 8);
        }
    }
    return size;
}
