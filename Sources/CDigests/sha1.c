// FIPS 180-4, section 6.1.2. Only rpm's headers, and old lists of files, still have it.

#include "blocks.h"

// The last sixteen words are all that a step looks back to.
static inline uint32_t next_word(uint32_t words[16], int step) {
    const uint32_t word = words[(step + 13) % 16] ^ words[(step + 8) % 16] ^ words[(step + 2) % 16] ^ words[step % 16];
    return words[step % 16] = rotated_left(word, 1);
}

#define ROUND(first, mixed, constant)                                                                                  \
    _Pragma("clang loop unroll(full)") for (int step = first; step < first + 20; step++) {                             \
        const uint32_t word = step < 16 ? words[step] : next_word(words, step);                                        \
        const uint32_t sum = SUMMED(e + constant + word) + (mixed) + rotated_left(a, 5);                                     \
        e = d;                                                                                                         \
        d = c;                                                                                                         \
        c = rotated_left(b, 30);                                                                                       \
        b = a;                                                                                                         \
        a = sum;                                                                                                       \
    }

void cdigest_sha1_blocks(uint32_t state[5], const uint8_t *bytes, size_t count) {
    for (; count > 0; count--, bytes += 64) {
        uint32_t words[16];
        uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
        for (int place = 0; place < 16; place++) words[place] = big_endian(bytes + 4 * place);
        ROUND(0, d ^ (b & (c ^ d)), 0x5a827999)
        ROUND(20, b ^ c ^ d, 0x6ed9eba1)
        ROUND(40, (b & c) | (d & (b | c)), 0x8f1bbcdc)
        ROUND(60, b ^ c ^ d, 0xca62c1d6)
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
    }
}
