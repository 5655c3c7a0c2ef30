// RFC 1321. Nothing is trusted for its MD5: old lists of packages have no other digest, and rpm's headers ask for one.

#include "blocks.h"

// The integer parts of 2^32 * |sin(n)|.
static const uint32_t sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

// What the step before made comes last into the sum, which the others need not wait for; written out, the words are renamed
// instead of moved.
#define ROUND(first, mixed, place, one, two, three, four)                                                              \
    _Pragma("clang loop unroll(full)") for (int step = first; step < first + 16; step++) {                             \
        static const int turns[4] = {one, two, three, four};                                                           \
        const uint32_t sum = SUMMED(a + sines[step] + little_endian(bytes + 4 * ((place) % 16))) + (mixed);            \
        a = d;                                                                                                         \
        d = c;                                                                                                         \
        c = b;                                                                                                         \
        b += rotated_left(sum, turns[step % 4]);                                                                       \
    }

void cdigest_md5_blocks(uint32_t state[4], const uint8_t *bytes, size_t count) {
    for (; count > 0; count--, bytes += 64) {
        uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
        ROUND(0, d ^ (b & (c ^ d)), step, 7, 12, 17, 22)
        ROUND(16, (b & d) + (c & ~d), 5 * step + 1, 5, 9, 14, 20)
        ROUND(32, b ^ c ^ d, 3 * step + 5, 4, 11, 16, 23)
        ROUND(48, c ^ (b | ~d), 7 * step, 6, 10, 15, 21)
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
    }
}
