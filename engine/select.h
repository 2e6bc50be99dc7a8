/* select.h - what the two ways of choosing share: select.c takes one unit
 * after the other (scores and redundancy), select_set.c scores whole sets of
 * units (credits).  Private to engine/. */
#ifndef ENGINE_SELECT_H
#define ENGINE_SELECT_H

#include "engine/document.h"

/* After so many choices the rest is taken without comparing any more, so
 * that choosing stays linear in the text. */
#define GREEDY_MAX 64

/* What is chosen: a sentence, or the sentences of one quotation. */
struct unit {
    uint32_t first, count; /* segments */
    uint32_t sentences, words, characters;
    uint8_t whole;  /* balanced, no question, not too long a quotation */
    uint8_t taken;
    double score, norm, similar; /* similar: largest cosine to a chosen one */
};

struct selector {
    struct document *document;
    struct unit *units;
    size_t count;
    uint32_t *counts; /* scratch, by stem */
    enum precis_limit limit;
    size_t amount, used;
    const struct method *method;
    int terse;
    int any;          /* take units that are not whole too */
    int apart;        /* no unit has more than one sentence */
};

/* Fills units and count; for the trainer too.  0, or PRECIS_EINTERNAL. */
int find_units(struct selector *s);

size_t unit_cost(const struct selector *s, const struct unit *unit);

/* May it be taken, and is there room for it under the limit? */
int unit_fits(const struct selector *s, const struct unit *unit);

void unit_take(struct selector *s, struct unit *unit);

/* Takes what still fits, the worthiest first, comparing no more. */
int take_rest(struct selector *s);

/* Chooses by document->credits.  0, or PRECIS_EINTERNAL. */
int choose_set(struct selector *s);

#endif
