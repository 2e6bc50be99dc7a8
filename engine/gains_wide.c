/* gains_wide.c - sixteen items at once, by what wide.h asks for. */
#include <config.h>

#include "engine/gains.h"
#include "engine/wide.h"

#if WIDE

WIDE_CODE uint32_t items_copy_wide(uint32_t *items, uint32_t *again,
                                   const struct items *from, uint32_t row)
{
    const __m512i numbers = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
                                              11, 12, 13, 14, 15);
    const __m512i flag = _mm512_set1_epi32((int) ITEM_AGAIN);
    uint32_t count = 0;

    for (uint32_t i = 0; i < from->count; i += ITEMS_WIDE) {
        __mmask16 all = (__mmask16) wide_lowest(from->count - i);
        __m512i list = _mm512_maskz_loadu_epi32(all, from->list + i);
        __mmask16 is_again = _mm512_test_epi32_mask(list, flag);
        __m512i rows = _mm512_add_epi32(_mm512_set1_epi32((int) (row + count)),
                                        numbers);
        _mm512_mask_storeu_epi32(items + i, all,
                                 _mm512_mask_expand_epi32(list, is_again,
                                                          rows));
        _mm512_storeu_si512(again + count,
                            _mm512_maskz_compress_epi32(is_again, list));
        count += (unsigned) __builtin_popcount(is_again);
    }
    return count;
}

#endif
