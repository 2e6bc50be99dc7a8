/* forget.c - what a vocabulary forgets between articles; see vocabulary.h.
 *
 * Records are numbered anew and moved to the front, and with them what refers
 * to them: buckets, stems, texts, the records of forms and stems.
 */
#include <config.h>

#include "engine/vocabulary.h"

#include <stdlib.h>

void vocabulary_forget_all(struct vocabulary *v)
{
    v->count = 1;
    v->stem_count = 1;
    v->cleaned = v->epoch;
    free(v->bucket_memory);
    v->bucket_memory = NULL;
    v->buckets = NULL;
    vocabulary_shrink(v);
}

/* When a record was last of use: as a word, a form or a stem. */
static uint32_t last_use(const struct vocabulary *v,
                         const struct record *record)
{
    uint32_t epoch = record->surface.epoch;
    uint32_t stem_epoch = record->stem == 0 ? 0 : v->stems[record->stem].epoch;

    epoch = record->form.epoch > epoch ? record->form.epoch : epoch;
    return stem_epoch > epoch ? stem_epoch : epoch;
}

/* Numbers the records and stems of articles since `epoch` anew, each in the id
 * that an article would give it, and sets when a record was last of use.
 * Returns how many records there are then. */
static uint32_t number_kept(struct vocabulary *v, uint32_t epoch,
                            size_t *text_size)
{
    uint32_t kept = 1, stems = 1;

    *text_size = 0;
    for (uint32_t i = 1; i < v->count; i++) {
        struct record *record = record_at(v, i);
        record->surface.epoch = last_use(v, record);
        if (record->surface.epoch < epoch)
            continue;
        record->surface.id = kept++;
        if (record->stem != 0)
            v->stems[record->stem].id = stems++;
        if (record->size > RECORD_BYTES)
            *text_size += record->size;
        if (record->form_text != NULL)
            *text_size += record->form_size;
    }
    return kept;
}

/* Moves a text to another arena.  0, or -1. */
static int text_move(struct arena *texts, const char **text, size_t size)
{
    char *copy = arena_take(texts, size);

    if (copy == NULL)
        return -1;
    *text = memcpy(copy, *text, size);
    return 0;
}

/* Moves the texts of those records to an arena of their own.  -1: out of
 * memory, and no text is where its record says. */
static int keep_texts(struct vocabulary *v, uint32_t epoch)
{
    struct arena texts;
    int code = 0;

    arena_init(&texts);
    for (uint32_t i = 1; i < v->count && code == 0; i++) {
        struct record *record = record_at(v, i);
        if (record->surface.epoch < epoch)
            continue;
        if (record->size > RECORD_BYTES)
            code = text_move(&texts, &record->spelling.whole, record->size);
        if (code == 0 && record->form_text != NULL)
            code = text_move(&texts, &record->form_text, record->form_size);
    }
    arena_clear(code == 0 ? &v->texts : &texts);
    if (code == 0)
        v->texts = texts;
    return code;
}

/* Makes one record's references those to the new numbers; a word whose form
 * or stem is forgotten, or has not been used as such, is to be learnt anew. */
static void renumber(const struct vocabulary *v, struct record *record,
                     uint32_t epoch)
{
    const struct record *fold = record_at(v, record->fold);
    const struct mark *root = &v->stems[record->root];

    if (fold->surface.epoch < epoch
        || (record->root != 0 && root->epoch < epoch))
        record->flags = 0;
    record->fold = fold->surface.id;
    if (record->root != 0)
        record->root = root->id;
}

/* Buckets for the records that are kept, by their new numbers.  0, or -1. */
static int keep_buckets(struct vocabulary *v, uint32_t epoch)
{
    const struct bucket *old = v->buckets;
    void *memory = v->bucket_memory;
    uint32_t count = v->mask + 1;

    if (buckets_make(v, count) != 0)
        return -1;
    for (uint32_t at = 0; at < count; at++)
        for (unsigned i = 0; i < BUCKET_SLOTS; i++) {
            const struct record *record = record_at(v, old[at].records[i]);
            if (old[at].records[i] != 0 && record->surface.epoch >= epoch)
                bucket_put(v, old[at].hashes[i], record->surface.id);
        }
    free(memory);
    return 0;
}

/* Moves the records that are kept to the front. */
static void keep_records(struct vocabulary *v, uint32_t epoch, uint32_t kept)
{
    for (uint32_t i = 1; i < v->count; i++) {
        struct record *record = record_at(v, i);
        if (record->surface.epoch >= epoch
            && (record->flags & RECORD_KNOWN) != 0)
            renumber(v, record, epoch);
    }
    v->stem_count = 1;
    for (uint32_t i = 1; i < v->count; i++) {
        struct record *record = record_at(v, i);
        if (record->surface.epoch < epoch)
            continue;
        if (record->stem != 0) {
            record->stem = v->stems[record->stem].id;
            v->stem_count++;
        }
        *record_at(v, record->surface.id) = *record;
    }
    v->count = kept;
    memset(v->stems, 0, v->stem_count * sizeof *v->stems);
}

void vocabulary_forget_old(struct vocabulary *v)
{
    uint32_t epoch = v->epoch - (v->epoch - v->cleaned) / 4 - 1;
    size_t text_size;
    uint32_t kept = number_kept(v, epoch, &text_size);

    if (kept > RECORDS_MAX / 2 || text_size > TEXTS_MAX / 2
        || keep_texts(v, epoch) != 0 || keep_buckets(v, epoch) != 0) {
        vocabulary_forget_all(v);
        return;
    }
    keep_records(v, epoch, kept);
    v->text_size = text_size;
    v->cleaned = v->epoch;
}
