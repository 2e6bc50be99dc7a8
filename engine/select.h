/* select.h - what the two ways of choosing share: units.c finds what can be
 * chosen, select.c takes one unit after the other (scores and redundancy),
 * select_set.c scores whole sets of units (credits).  Private to engine/. */
#ifndef ENGINE_SELECT_H
#define ENGINE_SELECT_H

#include "engine/document.h"

/* After so many choices the rest is taken without comparing any more, so
 * that choosing stays linear in the text. */
#define GREEDY_MAX 64

/* What is chosen: a sentence, or the sentences of one quotation. */
struct unit {
    uint32_t first, count; /* segments */
    uint32_t sentences, words;
    uint32_t characters; /* where the limit is of those, else 0 */
    uint32_t before; /* segment of the sentence before it, or NONE */
    uint8_t whole;   /* balanced, not too long a quotation; or UNREAD */
    uint8_t talk;    /* a question or a line of dialogue; or UNREAD */
    uint8_t leans;   /* reads well only behind the sentence before it; or
                        UNREAD */
    double score;
    double norm;     /* of its stem counts; below 0: not known yet */
    double similar;  /* largest cosine to a chosen one, of the first ... */
    size_t compared; /* ... so many */
};

/* Most units are worth too little for anybody to ask. */
#define UNREAD 2

/* What is let pass, the better the earlier. */
enum ease {
    EASE_NONE,
    EASE_LEANING, /* what leans on a sentence not taken, at a price */
    EASE_READING, /* the same without one, and questions */
    EASE_ALL      /* unbalanced quotation marks too */
};

struct selector {
    struct document *document;
    struct unit *units; /* first the plain ones, each sentence in one, */
    size_t plain;       /* so many, in the order of the text; then pairs of */
    size_t count;       /* these, as soon as find_pairs() has found them */
    int paired;         /* it has */
    double best;        /* what scores were divided by, or 0 */
    uint32_t *counts; /* scratch, by term_at(); or NULL */
    uint8_t *taken;   /* by segment */
    struct unit *picks[GREEDY_MAX]; /* that others are to be compared with */
    size_t pick_count;
    enum precis_limit limit;
    size_t amount, used;
    const struct method *method;
    int terse;
    int no_quotes, no_questions;
    int unwanted;     /* these left sentences out */
    enum ease ease;
    int apart;        /* no unit has more than one sentence */
    struct grower *grower; /* of these units, for choose_set(); or NULL */
};

/* Fills the plain units by the options and `apart`, and adds pairs; for the
 * trainer too.  0, or PRECIS_EINTERNAL. */
int find_units(struct selector *s);
void find_pairs(struct selector *s);

/* What is UNREAD, for the three below. */
void unit_read(const struct selector *s, struct unit *unit);
void unit_read_opening(const struct selector *s, struct unit *unit);

static inline int unit_is_whole(const struct selector *s, struct unit *unit)
{
    if (unit->whole == UNREAD)
        unit_read(s, unit);
    return unit->whole;
}

static inline int unit_is_talk(const struct selector *s, struct unit *unit)
{
    if (unit->talk == UNREAD)
        unit_read(s, unit);
    return unit->talk;
}

static inline int unit_leans(const struct selector *s, struct unit *unit)
{
    if (unit->leans == UNREAD)
        unit_read_opening(s, unit);
    return unit->leans;
}

/* What it takes of the limit. */
static inline size_t unit_cost(const struct selector *s,
                               const struct unit *unit)
{
    switch (s->limit) {
    case PRECIS_LIMIT_SENTENCES: return unit->sentences;
    case PRECIS_LIMIT_CHARACTERS:
        return (size_t) unit->characters + (s->used > 0);
    case PRECIS_LIMIT_AUTO:
    case PRECIS_LIMIT_WORDS:
    case PRECIS_LIMIT_PERCENT: break;
    }
    return unit->words;
}

/* Does it lean on a sentence not taken? */
static inline int unit_dangles(const struct selector *s, struct unit *unit)
{
    return unit->leans != 0 && !s->taken[unit->before] && unit_leans(s, unit);
}

/* May it be taken? */
static inline int unit_is_free(const struct selector *s, struct unit *unit)
{
    for (uint32_t i = 0; i < unit->count; i++)
        if (s->taken[unit->first + i])
            return 0;
    switch (s->ease) {
    case EASE_NONE:
        return !unit_dangles(s, unit) && unit_is_whole(s, unit)
               && !unit_is_talk(s, unit);
    case EASE_LEANING:
        return unit_is_whole(s, unit) && !unit_is_talk(s, unit);
    case EASE_READING: return unit_is_whole(s, unit);
    case EASE_ALL: break;
    }
    return 1;
}

void unit_take(struct selector *s, struct unit *unit);

/* Takes what still fits, the worthiest first, comparing no more. */
int take_rest(struct selector *s);

/* Chooses by document->credits.  0, or PRECIS_EINTERNAL. */
int choose_set(struct selector *s);

#endif
