/* fold.c - see fold.h. */
#include <config.h>

#include "engine/fold.h"

#include <string.h>

#include "engine/unicode.h"

/* Shows nothing where it stands between letters.  Not U+200B: that is a space
 * of no width. */
static bool is_unseen(uint32_t cp)
{
    return cp == 0xAD || (cp >= 0x200C && cp <= 0x200F) || cp == 0x61C
           || (cp >= 0x2060 && cp <= 0x2064) || cp == 0xFEFF;
}

/* Emphasis, exclamation and question mark: above the vowel that is stressed,
 * so behind it in the text; and the sign of short forms. */
static bool is_armenian_sign(uint32_t cp)
{
    return cp == 0x55B || cp == 0x55C || cp == 0x55E || cp == 0x55F;
}

static bool is_l(uint32_t cp)
{
    return cp == 'l' || cp == 'L';
}

static bool is_hebrew(uint32_t cp)
{
    return cp >= 0x5B0 && cp <= 0x5F2;
}

bool fold_is_inside(uint32_t cp, uint32_t before, uint32_t after)
{
    switch (cp) {
    case 0xB7: return is_l(before) && is_l(after);
    case 0x5F3:
    case 0x5F4: return is_hebrew(before) && is_hebrew(after);
    default: return is_unseen(cp) || is_armenian_sign(cp);
    }
}

/* The folding for what stands at the front of the text, or NULL. */
static const struct folding *find(const struct language *language,
                                  const char *text, size_t size)
{
    for (size_t i = 0; i < language->folding_count; i++) {
        const struct folding *f = &language->foldings[i];
        if (f->from[0] == text[0] && f->from_size <= size
            && memcmp(f->from, text, f->from_size) == 0)
            return f;
    }
    return NULL;
}

struct output {
    char *text;
    size_t used, room;
};

static bool put(struct output *out, const char *bytes, size_t size)
{
    if (size > out->room - out->used)
        return false;
    memcpy(out->text + out->used, bytes, size);
    out->used += size;
    return true;
}

/* A character that is no capital of ASCII. */
static bool put_small(struct output *out, const struct language *language,
                      const char *text, size_t size, size_t *at)
{
    const struct folding *f = find(language, text + *at, size - *at);
    char small[4];
    size_t length;
    uint32_t cp;

    if (f != NULL) { /* a capital of its own, or small as it is */
        *at += f->from_size;
        return put(out, f->to, f->to_size);
    }
    utf8_next(text, size, at, &cp);
    if (is_unseen(cp) || is_armenian_sign(cp))
        return true;
    length = utf8_put(unicode_lower(cp), small);
    f = find(language, small, length);
    return f == NULL ? put(out, small, length) : put(out, f->to, f->to_size);
}

/* Makes the capitals of ASCII small, up to what is no ASCII. */
static void put_ascii(struct output *out, const char *text, size_t size,
                      size_t *at)
{
    size_t left = size - *at, i = 0;
    const char *from = text + *at;
    char *to = out->text + out->used;

    if (left > out->room - out->used)
        left = out->room - out->used;
    for (; i < left && (unsigned char) from[i] < 0x80; i++)
        to[i] = (char) (from[i] + ((unsigned char) (from[i] - 'A') < 26
                                       ? 'a' - 'A'
                                       : 0));
    *at += i;
    out->used += i;
}

size_t fold_word(const struct language *language, const char *word,
                 size_t size, char *out, size_t room)
{
    struct output output = { out, 0, room };
    bool plain = language->folding_count == 0;

    for (size_t at = 0; at < size;) {
        if (plain)
            put_ascii(&output, word, size, &at);
        if (at < size && ((unsigned char) word[at] < 0x80 && plain))
            return 0; /* no room */
        if (at < size && !put_small(&output, language, word, size, &at))
            return 0;
    }
    return output.used;
}
