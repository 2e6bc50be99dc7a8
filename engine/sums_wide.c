/* sums_wide.c - what words are, and the sums of their weights, of sixteen words
 * at once, by what wide.h asks for: the same as earn_words.c has.
 *
 * Here no word is plain: what all are costs less than to tell them apart.  Only
 * the sums themselves are added up one by one, as eight loads by eight numbers
 * in memory take half the time that a gather does. */
#include <config.h>

#include "engine/earn.h"
#include "engine/wide.h"

#if WIDE

/* Numbers by word. */
struct sixteen_words {
    __mmask16 content;                    /* no function words */
    __m512i stem, row, form;              /* struct form; its bytes */
    __m512i count, quoted, inside, capital, first, spread, word; /* of the
                                             facts; the bytes behind */
    __m512i stem_count, stem_flags;       /* 0 of function words */
    __m512i trained;
};

/* The sums of a word are added up of so many numbers. */
#define TABLES 8

/* ---- reading ---- */

_Static_assert(sizeof(struct form) == 32 && sizeof(struct credit_word) == 32,
               "load_fields() takes two at once");
_Static_assert(offsetof(struct form, row) == 4
                   && offsetof(struct form, in_title) == 24
                   && offsetof(struct form, letters) == 25
                   && offsetof(struct form, digit) == 26,
               "load_words() relies on it");
_Static_assert(offsetof(struct credit_word, quoted) == 4
                   && offsetof(struct credit_word, inside) == 8
                   && offsetof(struct credit_word, capital) == 12
                   && offsetof(struct credit_word, first) == 16
                   && offsetof(struct credit_word, spread) == 20
                   && offsetof(struct credit_word, lead) == 28
                   && offsetof(struct credit_word, heading) == 29,
               "load_words() relies on it");
_Static_assert(sizeof(struct stem) == 24 && offsetof(struct stem, count) == 0
                   && offsetof(struct stem, in_title) == 20
                   && offsetof(struct stem, in_query) == 21,
               "look_up() relies on it");

/* Structures of 32 bytes: the first two of those from `from` on that are there,
 * a bit for each of 4 bytes. */
WIDE_CODE static inline __m512i load_two(const void *from, uint64_t there)
{
    return _mm512_maskz_loadu_epi32((__mmask16) there, from);
}

/* Four numbers of each of four: `which` says where those of one are. */
WIDE_CODE static inline __m512i load_four(const char *from, uint64_t there,
                                          __m512i which)
{
    return _mm512_permutex2var_epi32(load_two(from, there), which,
                                     load_two(from + 64, there >> 16));
}

/* Of the numbers that each of sixteen has, those numbered a, b, c and d. */
#define FIELDS(a, b, c, d) \
    _mm512_setr_epi32(a, a + 8, a + 16, a + 24, b, b + 8, b + 16, b + 24, \
                      c, c + 8, c + 16, c + 24, d, d + 8, d + 16, d + 24)

WIDE_CODE static inline void load_fields(const void *structures, size_t count,
                                         __m512i which, __m512i to[4])
{
    const char *from = structures;
    uint64_t there = wide_lowest(8 * count);
    uint64_t behind = count > 8 ? wide_lowest(8 * (count - 8)) : 0;
    __m512i a = load_four(from, there, which);
    __m512i b = load_four(from + 128, there >> 32, which);
    __m512i c = load_four(from + 256, behind, which);
    __m512i d = load_four(from + 384, behind >> 32, which);
    __m512i low = _mm512_shuffle_i32x4(a, b, 0x44);
    __m512i low_behind = _mm512_shuffle_i32x4(c, d, 0x44);
    __m512i high = _mm512_shuffle_i32x4(a, b, 0xEE);
    __m512i high_behind = _mm512_shuffle_i32x4(c, d, 0xEE);

    to[0] = _mm512_shuffle_i32x4(low, low_behind, 0x88);
    to[1] = _mm512_shuffle_i32x4(low, low_behind, 0xDD);
    to[2] = _mm512_shuffle_i32x4(high, high_behind, 0x88);
    to[3] = _mm512_shuffle_i32x4(high, high_behind, 0xDD);
}

/* Those that are not there are words of zeros. */
WIDE_CODE static inline void load_words(struct sixteen_words *w,
                                        const struct form *forms,
                                        const struct credit_word *words,
                                        size_t count)
{
    __m512i form[4], low[4], high[4];

    load_fields(forms, count, FIELDS(0, 1, 6, 6), form);
    load_fields(words, count, FIELDS(0, 1, 2, 3), low);
    load_fields(words, count, FIELDS(4, 5, 7, 7), high);
    w->stem = form[0];
    w->row = form[1];
    w->form = form[2];
    w->count = low[0];
    w->quoted = low[1];
    w->inside = low[2];
    w->capital = low[3];
    w->first = high[0];
    w->spread = high[1];
    w->word = high[2];
}

/* Writes what pairs ask of the words, but for their levels. */
WIDE_CODE static inline void write_sides(struct side *sides,
                                         const struct sixteen_words *w,
                                         __m512i pairs)
{
    const __m512i low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5,
                                          21, 6, 22, 7, 23);
    const __m512i high = _mm512_add_epi32(low, _mm512_set1_epi32(8));
    __m512i row = _mm512_min_epu32(w->row, _mm512_set1_epi32(PAIR_NO_ROW));

    row = _mm512_mask_add_epi32(row, w->content, row,
                                _mm512_set1_epi32(1 << 24));
    _mm512_storeu_si512(sides, _mm512_permutex2var_epi32(pairs, low, row));
    _mm512_storeu_si512(sides + 8,
                        _mm512_permutex2var_epi32(pairs, high, row));
}

/* Reads what the table and the stems have of them. */
WIDE_CODE static inline void look_up(const struct maker *m,
                                     struct sixteen_words *w,
                                     struct side *sides)
{
    const struct word_table *table = &m->d->language->table;
    const char *stems = (const char *) m->d->stems;
    const __m512i none = _mm512_setzero_si512();
    __m512i row = _mm512_min_epu32(w->row,
                                   _mm512_set1_epi32((int) table->count));
    __m512i stem = _mm512_add_epi32(w->stem, _mm512_add_epi32(w->stem,
                                                              w->stem));

    w->content = _mm512_cmpneq_epi32_mask(w->stem, _mm512_set1_epi32(-1));
    w->stem_count = _mm512_mask_i32gather_epi32(none, w->content, stem, stems,
                                                8);
    w->stem_flags = _mm512_mask_i32gather_epi32(
        none, w->content, stem, stems + offsetof(struct stem, in_title), 8);
    w->trained = _mm512_i32gather_epi32(row, table->values, 4);
    write_sides(sides, w, _mm512_i32gather_epi32(row, table->pairs, 4));
}

/* ---- buckets ---- */

WIDE_CODE static inline __m512i byte_of(__m512i bytes, unsigned number)
{
    return _mm512_and_si512(_mm512_srli_epi32(bytes, 8 * number),
                            _mm512_set1_epi32(UINT8_MAX));
}

/* a, times so much, and b. */
WIDE_CODE static inline __m512i times(__m512i a, int factor, __m512i b)
{
    return _mm512_add_epi32(_mm512_mullo_epi32(a, _mm512_set1_epi32(factor)),
                            b);
}

/* 1 more of those. */
WIDE_CODE static inline __m512i more(__m512i a, __mmask16 these)
{
    return _mm512_mask_add_epi32(a, these, a, _mm512_set1_epi32(1));
}

/* BUCKET(); the table has no more than 16 bytes. */
WIDE_CODE static inline __m512i bucket(const uint8_t *table, int size,
                                       __m512i values)
{
    __m128i bytes = _mm_maskz_loadu_epi8((__mmask16) wide_lowest((size_t) size),
                                         table);

    values = _mm512_min_epu32(values, _mm512_set1_epi32(size - 1));
    return _mm512_permutexvar_epi32(values, _mm512_cvtepu8_epi32(bytes));
}

/* title_bucket() */
WIDE_CODE static inline __m512i title(const struct maker *m,
                                      const struct sixteen_words *w)
{
    __m512i whole = byte_of(w->form, 0);
    __m512i any = _mm512_or_si512(whole, byte_of(w->stem_flags, 0));

    return _mm512_add_epi32(_mm512_add_epi32(whole, any),
                            _mm512_set1_epi32(m->c->facts.has_title));
}

/* capital_bucket() */
WIDE_CODE static inline __m512i capital(const struct sixteen_words *w)
{
    __mmask16 inside = _mm512_test_epi32_mask(w->inside, w->inside);
    __mmask16 all = _mm512_mask_cmpge_epu32_mask(inside, w->capital,
                                                 w->inside);
    __m512i bucket = _mm512_maskz_set1_epi32(inside, 1);

    bucket = more(bucket, _mm512_test_epi32_mask(w->capital, w->capital));
    return more(bucket, all);
}

/* quoted_bucket() */
WIDE_CODE static inline __m512i quoted(const struct sixteen_words *w)
{
    __mmask16 some = _mm512_test_epi32_mask(w->quoted, w->quoted);
    __mmask16 half = _mm512_cmpgt_epu32_mask(
        _mm512_add_epi32(w->quoted, w->quoted), w->count);
    __mmask16 all = _mm512_mask_cmpge_epu32_mask(some, w->quoted, w->count);

    return more(more(_mm512_maskz_set1_epi32(some, 1), half), all);
}

/* Writes where word_sums() looks. */
WIDE_CODE static inline void find_places(const struct maker *m,
                                         const struct sixteen_words *w,
                                         const uint8_t *relatives,
                                         __m512i to[TABLES])
{
    const int is_asked = !m->c->facts.neutral;
    const __m512i asked = _mm512_set1_epi32(-is_asked);
    __m512i counts = _mm512_mask_mov_epi32(w->count, w->content,
                                           w->stem_count);
    __m512i count = bucket(count_buckets, BUCKET_VALUES, counts);
    __m512i spread = bucket(spread_buckets, BUCKET_VALUES / 2, w->spread);
    __m512i first = bucket(first_buckets, BUCKET_VALUES, w->first);
    __m512i place = times(spread, FIRSTS, first), all_title = title(m, w);
    __m512i all_capital = _mm512_and_si512(capital(w), asked);
    __m512i letters = _mm512_and_si512(byte_of(w->form, 1), asked);
    __m512i prior = byte_of(w->trained, 0), common = byte_of(w->trained, 1);
    __m512i relative = byte_of(_mm512_i32gather_epi32(w->first, relatives, 1),
                               0);
    __m512i heading = byte_of(w->word, 1), at;

    to[0] = times(times(all_title, COUNTS, count), SPREADS * FIRSTS, place);
    at = times(prior, SPREADS * FIRSTS, place);
    to[1] = more(_mm512_add_epi32(at, at), (__mmask16) ~w->content);
    to[2] = place;
    to[3] = times(all_title, PRIOR_BUCKETS, prior);
    at = times(times(all_title, COMMON_BUCKETS, common), COUNTS, count);
    to[4] = times(at, CAPITALS, all_capital);
    at = times(byte_of(w->word, 0), FIRSTS, first);
    to[5] = times(times(at, 2, byte_of(w->form, 2)), CAPITALS, all_capital);
    at = more(_mm512_add_epi32(heading, heading),
              _mm512_cmpgt_epu32_mask(counts, w->count));
    at = times(times(at, COUNTS, count), QUOTES, quoted(w));
    to[6] = times(at, SPREADS, spread);
    to[7] = times(letters, RELATIVES, relative);
}

/* ---- */

/* word_sums() of the words whose places those are. */
static inline void add_up(const struct maker *m, struct side *sides,
                          const uint32_t at[TABLES][WIDE_WORDS],
                          both_sums *sums)
{
    const struct model_sums *t = m->sums;
    const both_sums *count = t->count[0][0], *prior = t->prior[0][0];
    const both_sums *article = t->article[m->article];
    const both_sums *prior_title = t->prior_title[0];
    const both_sums *common = t->common[0][0][0];
    const both_sums *opening = t->opening[0][0][0];
    const both_sums *heading = t->heading[0][0][0][0], *place = t->place[0];

    for (size_t i = 0; i < WIDE_WORDS; i++) {
        both_sums sum = MOVED + count[at[0][i]] + prior[at[1][i]]
                        + article[at[2][i]] + prior_title[at[3][i]]
                        + common[at[4][i]] + opening[at[5][i]]
                        + heading[at[6][i]] + place[at[7][i]];
        sums[i] = sum;
        sides[i].level = (uint8_t) sum_level(moved_odds(sum));
    }
}

WIDE_CODE size_t words_sum_wide(const struct maker *m,
                                const uint8_t *relatives, both_sums *sums,
                                uint32_t *trained, uint32_t *others)
{
    const __m512i steps = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
                                            11, 12, 13, 14, 15);
    const size_t count = m->d->form_count;
    size_t other_count = 0;

    for (size_t i = 0; i < count; i += WIDE_WORDS) {
        __m512i places[TABLES];
        uint32_t at[TABLES][WIDE_WORDS];
        __mmask16 these;
        struct sixteen_words w;
        load_words(&w, m->d->forms + i, m->c->facts.words + i, count - i);
        look_up(m, &w, m->sides + i);
        _mm512_storeu_si512(trained + i, w.trained);
        find_places(m, &w, relatives, places);
        for (int k = 0; k < TABLES; k++)
            _mm512_storeu_si512(at[k], places[k]);
        add_up(m, m->sides + i, (const uint32_t (*)[WIDE_WORDS]) at, sums + i);
        these = _mm512_testn_epi32_mask(w.count, w.count)
                | _mm512_test_epi32_mask(w.stem_flags,
                                         _mm512_set1_epi32(UINT8_MAX << 8));
        these &= (__mmask16) wide_lowest(count - i);
        _mm512_storeu_si512(
            others + other_count,
            _mm512_maskz_compress_epi32(
                these, _mm512_add_epi32(steps, _mm512_set1_epi32((int) i))));
        other_count += (unsigned) __builtin_popcount(these);
    }
    return other_count;
}

#endif
