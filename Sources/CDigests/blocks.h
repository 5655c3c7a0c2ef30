#pragma once

#include <stddef.h>
#include <stdint.h>

// What each algorithm makes of whole blocks of 64 bytes (SHA-512: 128), `count` of them.
void cdigest_md5_blocks(uint32_t state[4], const uint8_t *bytes, size_t count);
void cdigest_sha1_blocks(uint32_t state[5], const uint8_t *bytes, size_t count);
void cdigest_sha256_blocks(uint32_t state[8], const uint8_t *bytes, size_t count);
void cdigest_sha512_blocks(uint64_t state[8], const uint8_t *bytes, size_t count);

// Clang's own: it takes shifts apart again and adds their parts up one by one.
#define rotated_left __builtin_rotateleft32
#define rotated_right __builtin_rotateright32
#define rotated_right_long __builtin_rotateright64

// The same word, which is then added as it is: Clang would otherwise sum up in an order that makes a step wait for the one
// before (MD5: 350 MB/s instead of 600).
#define SUMMED(word) ({ __typeof__(word) sum = (word); __asm__("" : "+r"(sum)); sum; })

static inline uint32_t big_endian(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static inline uint32_t little_endian(const uint8_t *bytes) {
    return (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8 | bytes[0];
}
