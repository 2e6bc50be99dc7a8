#include <config.h>

#include "bench/credits/sets.h"

#include <stdlib.h>
#include <string.h>

/* ---- what a set covers ---- */

void cover_init(struct cover *cover, const struct corpus *corpus)
{
    size_t tokens = 0;

    for (size_t i = 0; i < corpus->count; i++)
        if (corpus->articles[i].document.token_count > tokens)
            tokens = corpus->articles[i].document.token_count;
    for (size_t i = 0; i < corpus->count; i++) /* those of title and rest */
        if (corpus->articles[i].document.form_count > tokens)
            tokens = corpus->articles[i].document.form_count;
    memset(cover, 0, sizeof *cover);
    cover->words = take(tokens, sizeof *cover->words);
    cover->pairs = take(tokens, sizeof *cover->pairs);
    cover->sequence = take(tokens, sizeof *cover->sequence);
    cover->times = take(tokens, 1);
    cover->marked = take(tokens, 1);
}

void cover_clear(struct cover *cover)
{
    free(cover->words);
    free(cover->pairs);
    free(cover->sequence);
    free(cover->times);
    free(cover->marked);
}

static void cover_segment(struct cover *cover, const struct article *article,
                          const struct segment *segment)
{
    const struct document *d = &article->document;

    for (uint32_t t = 0; t < segment->tokens; t++) {
        uint32_t token = segment->token + t, form = token_form(d, token);
        uint32_t pair = article->facts.pair_of[token];
        cover->sequence[cover->size++] = article->places[form];
        if (cover->times[form] < 3)
            cover->words[cover->word_count++] =
                (struct covered){form, ++cover->times[form]};
        if (pair != NONE && !cover->marked[pair]) {
            cover->marked[pair] = 1;
            cover->pairs[cover->pair_count++] = pair;
        }
    }
}

/* Units in the order of the text: sets are built in any. */
static void order_units(const struct set *set, uint8_t units[SET_UNITS])
{
    for (int i = 0; i < set->count; i++) {
        int place = i;
        for (; place > 0 && units[place - 1] > set->units[i]; place--)
            units[place] = units[place - 1];
        units[place] = set->units[i];
    }
}

void cover_set(struct cover *cover, const struct article *article,
               const struct set *set)
{
    uint8_t units[SET_UNITS];

    cover->word_count = cover->pair_count = cover->size = 0;
    order_units(set, units);
    for (int i = 0; i < set->count; i++) {
        const struct unit *unit = &article->units[units[i]];
        for (uint32_t k = 0; k < unit->count; k++)
            cover_segment(cover, article,
                          &article->document.segments[unit->first + k]);
    }
    for (size_t i = 0; i < cover->word_count; i++)
        cover->times[cover->words[i].form] = 0;
    for (size_t i = 0; i < cover->pair_count; i++)
        cover->marked[cover->pairs[i]] = 0;
}

double cover_score(const struct cover *cover, const struct credits *credits)
{
    double sum = 0;

    for (size_t i = 0; i < cover->word_count; i++) {
        uint32_t form = cover->words[i].form;
        sum += cover->words[i].nth == 1   ? credits->once[form]
               : cover->words[i].nth == 2 ? credits->twice[form]
                                          : credits->thrice[form];
    }
    for (size_t i = 0; i < cover->pair_count; i++)
        sum += credits->pair[cover->pairs[i]];
    return sum / ((double) cover->size + CREDITS_SMOOTH);
}

/* ---- candidates ---- */

/* Numbers of the first units, those of the best scores first; at equal scores
 * the earlier. */
static size_t units_order(uint8_t order[SINGLES], struct cover *cover,
                          const struct article *article,
                          const struct credits *credits)
{
    size_t count =
        article->unit_count < SINGLES ? article->unit_count : SINGLES;
    double scores[SINGLES];

    for (size_t i = 0; i < count; i++) {
        struct set set = {1, {(uint8_t) i}, 0};
        size_t place = i;
        double score;
        cover_set(cover, article, &set);
        score = cover_score(cover, credits);
        for (; place > 0 && scores[place - 1] < score; place--) {
            scores[place] = scores[place - 1];
            order[place] = order[place - 1];
        }
        scores[place] = score;
        order[place] = (uint8_t) i;
    }
    return count;
}

size_t sets_make(struct set *sets, struct cover *cover,
                 const struct article *article, const struct credits *credits)
{
    uint8_t order[SINGLES];
    size_t units = units_order(order, cover, article, credits), count = 0;

    for (size_t i = 0; i < units; i++) {
        sets[count++] = (struct set){1, {order[i]}, 0};
        for (size_t j = i + 1; j < units && j < PAIRED; j++) {
            sets[count++] = (struct set){2, {order[i], order[j]}, 0};
            for (size_t k = j + 1; k < units && k < TRIPLED; k++)
                sets[count++] =
                    (struct set){3, {order[i], order[j], order[k]}, 0};
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct rouge r;
        cover_set(cover, article, &sets[i]);
        r = rouge(cover->sequence, cover->size, article->abstract,
                  article->abstract_words);
        sets[i].reward = (float) (r.f1 + r.f2 + r.fl);
    }
    return count;
}
