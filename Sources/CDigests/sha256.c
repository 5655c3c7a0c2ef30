// FIPS 180-4, section 6.2.2: in C, and with the instructions that processors of x86-64 have for it since Goldmont and Zen.

#include "blocks.h"

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
static const uint32_t roots[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline uint32_t next_word(uint32_t words[16], int step) {
    const uint32_t early = words[(step + 1) % 16], late = words[(step + 14) % 16];
    const uint32_t small = rotated_right(early, 7) ^ rotated_right(early, 18) ^ early >> 3;
    const uint32_t large = rotated_right(late, 17) ^ rotated_right(late, 19) ^ late >> 10;
    return words[step % 16] += small + words[(step + 9) % 16] + large;
}

static void plain_blocks(uint32_t state[8], const uint8_t *bytes, size_t count) {
    for (; count > 0; count--, bytes += 64) {
        uint32_t words[16], v[8];
        for (int place = 0; place < 16; place++) words[place] = big_endian(bytes + 4 * place);
        for (int place = 0; place < 8; place++) v[place] = state[place];
        for (int first = 0; first < 64; first += 16) {
            // Written out, the eight words are renamed instead of moved.
            _Pragma("clang loop unroll(full)") for (int step = 0; step < 16; step++) {
                const uint32_t word = first == 0 ? words[step] : next_word(words, step);
                const uint32_t e = v[4], a = v[0];
                const uint32_t chosen = v[6] ^ (e & (v[5] ^ v[6]));
                const uint32_t most = (a & v[1]) | (v[2] & (a | v[1]));
                const uint32_t one = SUMMED(v[7] + roots[first + step] + word) + chosen
                    + (rotated_right(e, 6) ^ rotated_right(e, 11) ^ rotated_right(e, 25));
                const uint32_t two = most + (rotated_right(a, 2) ^ rotated_right(a, 13) ^ rotated_right(a, 22));
                v[7] = v[6];
                v[6] = v[5];
                v[5] = e;
                v[4] = v[3] + one;
                v[3] = v[2];
                v[2] = v[1];
                v[1] = a;
                v[0] = one + two;
            }
        }
        for (int place = 0; place < 8; place++) state[place] += v[place];
    }
}

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

// The instructions want the words as A B E F and C D G H, the first of each on the left.
__attribute__((target("sha,sse4.1,ssse3"))) static void fast_blocks(uint32_t state[8], const uint8_t *bytes, size_t count) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    const __m128i abcd = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
    const __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
    __m128i abef = _mm_alignr_epi8(abcd, efgh, 8);
    __m128i cdgh = _mm_blend_epi16(efgh, abcd, 0xf0);
    for (; count > 0; count--, bytes += 64) {
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i words[4];
        for (int place = 0; place < 4; place++)
            words[place] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)bytes + place), swap);
        // Four steps at a time; written out, the four vectors are renamed instead of moved.
        _Pragma("clang loop unroll(full)") for (int group = 0; group < 16; group++) {
            const __m128i sum = _mm_add_epi32(words[group % 4], _mm_load_si128((const __m128i *)roots + group));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
            if (group < 12) {
                const __m128i last = words[(group + 3) % 4];
                const __m128i seventh = _mm_alignr_epi8(last, words[(group + 2) % 4], 4);
                const __m128i early = _mm_sha256msg1_epu32(words[group % 4], words[(group + 1) % 4]);
                words[group % 4] = _mm_sha256msg2_epu32(_mm_add_epi32(early, seventh), last);
            }
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    const __m128i feba = _mm_shuffle_epi32(abef, 0x1b);
    const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

// CPUID, leaf 1: SSSE3 and SSE4.1; leaf 7: SHA.
static int has_instructions(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & 1u << 9) || !(c & 1u << 19)) return 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & 1u << 29);
}

// Asked once; whoever asks at the same time finds the same.
static int is_fast(void) {
    static _Atomic int known = -1;
    if (known < 0) known = has_instructions();
    return known;
}

void cdigest_sha256_blocks(uint32_t state[8], const uint8_t *bytes, size_t count) {
    (is_fast() ? fast_blocks : plain_blocks)(state, bytes, count);
}

#else

void cdigest_sha256_blocks(uint32_t state[8], const uint8_t *bytes, size_t count) { plain_blocks(state, bytes, count); }

#endif
