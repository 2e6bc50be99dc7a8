/* joint.h - joints without any mark between a sub-heading and a sentence.
 * Private to the stage and to the program that learns the weights. */
#ifndef ENGINE_JOINT_H
#define ENGINE_JOINT_H

#include "engine/split.h"

/* Features that one place has, at most. */
#define JOINT_FEATURES_MAX 24

/* What is seen at a place: the weights that count there. */
struct joint {
    uint16_t features[JOINT_FEATURES_MAX];
    size_t count;
    int aside;           /* brackets stand behind a mark before it */
    int opening, before; /* kinds of the words that meet */
    size_t word, next;   /* where the first word behind ends, the next begins */
};

/* Could a joint be at `at`, where a capital or a quotation mark stands?
 * Writes where the run before it ends. */
int joint_is_place(const struct splitter *s, size_t at, size_t *end);

void joint_read(const struct splitter *s, size_t at, size_t end,
                struct joint *joint);

/* What is to be known of the weights: once, before the next. */
void joints_start(struct split_tables *tables);

/* Does a sentence begin at `at`? */
int joint_begins(const struct splitter *s, size_t at);

#endif
