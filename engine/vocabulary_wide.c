/* vocabulary_wide.c - many words looked up at once, by what wide.h asks for: a
 * masked load takes of a word what it has, also at the end of the text. */
#include <config.h>

#include "engine/vocabulary.h"
#include "engine/wide.h"

#if WIDE

/* What is like no record, nor that of none. */
static const uint64_t no_spelling[RECORD_BYTES / 8] = { 1, 0 };

WIDE_CODE static inline __m128i read_word(const char *text, size_t size)
{
    if (size > RECORD_BYTES)
        return _mm_loadu_si128((const void *) no_spelling);
    return _mm_maskz_loadu_epi8((__mmask16) _bzhi_u32(0xFFFF, (unsigned) size),
                                text);
}

WIDE_CODE static inline uint32_t find_hash(const struct bucket *bucket,
                                           uint32_t hash)
{
    unsigned found = _mm256_cmpeq_epi32_mask(
        _mm256_loadu_si256((const void *) bucket->hashes),
        _mm256_set1_epi32((int) hash));

    return found == 0 ? 0 : bucket->records[_tzcnt_u32(found)];
}

WIDE_CODE void sought_find_wide(const struct vocabulary *v,
                                struct sought *words, const char *text,
                                const uint32_t *edges, size_t count)
{
    const struct bucket *buckets = v->buckets;
    const struct record *records = v->records;
    const struct hash_key key = v->article_key;
    uint32_t mask = v->mask;

    for (size_t i = 0; i < count; i++) {
        size_t at = edges[2 * i];
        __m128i word = read_word(text + at, edges[2 * i + 1] - at);
        _mm_storeu_si128((void *) words->spelling[i], word);
        words->hash[i] = hash_end(
            hash_parts(key, (uint64_t) _mm_cvtsi128_si64(word),
                       (uint64_t) _mm_extract_epi64(word, 1)));
        __builtin_prefetch(&buckets[words->hash[i] & mask]);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t hash = words->hash[i];
        words->number[i] = find_hash(&buckets[hash & mask], hash);
        __builtin_prefetch(&records[words->number[i]]);
    }
}

#endif
