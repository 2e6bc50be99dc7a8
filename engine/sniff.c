/* sniff.c - which charset an article is in: in the order that decode.h gives,
 * what is declared against what it looks like. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "engine/arena.h"
#include "engine/binary.h"
#include "engine/charset.h"

/* Bytes looked at where an order or a charset has to be found out. */
#define SAMPLE_SIZE 4096

/* Costs below are those of guess.h, in its units. */
#define NATS(number) ((uint64_t) (number) * GUESS_NAT)

/* Of a byte that is replaced, in UTF-8, and where nothing else speaks for
 * UTF-8: rare signs, as that of a currency, come near. */
#define REPLACED_COST NATS(18)
#define REPLACED_COST_ALONE NATS(30)

/* UTF-8 and another charset in one text are that much less likely. */
#define MIXED_COST NATS(12)

/* On average, pairs with bytes above 7F cost 3 in texts and 5 in the oddest,
 * 8 in texts that are none of these charsets, 11 in random bytes; told from
 * NOISE_PAIRS of them at least. */
#define NOISE_COST NATS(7)
#define NOISE_PAIRS 24

/* A text is not replaced to more than one byte in so many, but for a few. */
#define REPLACED_SHARE 20
#define REPLACED_FEW 8

/* A declared charset is given up where another is likelier by this much, and
 * for each pair above 7F by a third of the unit: one letter cannot do it. */
#define DECLARED_COST NATS(15)
#define DECLARED_PAIR_COST (GUESS_NAT / 3)

/* Or where more than one byte in so many is undecodable. */
#define UNDECODABLE_SHARE 100

/* Text declared as UTF-16 that has no NUL is believed up to this size. */
#define WIDE_DOUBT_SIZE 16

static bool starts_with(const struct decoded *decoded, const char *bytes,
                        size_t size)
{
    return decoded->source_size >= size
           && memcmp(decoded->source, bytes, size) == 0;
}

/* The kind that a BOM tells, with decoded->bom set, or `declared` itself.
 * FF FE 00 00 is UTF-32, unless UTF-16 was declared. */
static enum charset_kind bom_find(struct decoded *decoded,
                                  enum charset_kind declared)
{
    static const struct {
        const char *bytes;
        size_t size;
        enum charset_kind kind;
    } boms[] = {
        {"\xEF\xBB\xBF", 3, CHARSET_UTF8},
        {"\xFF\xFE\0\0", 4, CHARSET_UTF32LE},
        {"\0\0\xFE\xFF", 4, CHARSET_UTF32BE},
        {"\xFF\xFE", 2, CHARSET_UTF16LE},
        {"\xFE\xFF", 2, CHARSET_UTF16BE},
    };
    bool is_utf16 = declared == CHARSET_UTF16 || declared == CHARSET_UTF16LE
                    || declared == CHARSET_UTF16BE;

    for (size_t i = 0; i < sizeof boms / sizeof boms[0]; i++) {
        if (is_utf16 && boms[i].size == 4)
            continue;
        if (starts_with(decoded, boms[i].bytes, boms[i].size)) {
            decoded->bom = boms[i].size;
            return boms[i].kind;
        }
    }
    return declared;
}

/* The beginning of the source that is looked at, in bytes. */
static size_t sample_size(const struct decoded *decoded)
{
    return decoded->source_size < SAMPLE_SIZE ? decoded->source_size
                                              : SAMPLE_SIZE;
}

static bool is_control(unsigned char byte)
{
    return byte < ' ' && (byte < '\t' || byte > '\r');
}

/* ---- UTF-16 and UTF-32 ---- */

/* The kind, but UTF-16 and UTF-32 of unknown order: the one in which more of
 * the highest bytes are zero, little endian where it makes no difference. */
static enum charset_kind order_find(const struct decoded *decoded,
                                    enum charset_kind kind)
{
    size_t size = sample_size(decoded);
    size_t zeros[4] = {0, 0, 0, 0};

    if (kind != CHARSET_UTF16 && kind != CHARSET_UTF32)
        return kind;
    for (size_t i = 0; i < size; i++)
        zeros[i % 4] += decoded->source[i] == 0;
    if (kind == CHARSET_UTF16)
        return zeros[0] + zeros[2] > zeros[1] + zeros[3] ? CHARSET_UTF16BE
                                                         : CHARSET_UTF16LE;
    return zeros[0] > zeros[3] ? CHARSET_UTF32BE : CHARSET_UTF32LE;
}

/* No BOM: UTF-32 where the two highest bytes of nearly all are as in it; UTF-16
 * where there are NULs, and of most pairs of bytes the high one is a control
 * character other than a line end (00 for Latin letters, 04 for Cyrillic, and
 * so on), as never in a text of bytes; else CHARSET_8BIT, for any charset of
 * bytes.  A text of bytes with a NUL at its end, or a few strays, is far from
 * that. */
static enum charset_kind wide_guess(const struct decoded *decoded)
{
    size_t size = sample_size(decoded) & ~(size_t) 3;
    size_t zeros[4] = {0, 0, 0, 0};
    size_t controls[4] = {0, 0, 0, 0};

    if (size < 4)
        size = sample_size(decoded) & ~(size_t) 1;
    if (memchr(decoded->source, 0, size) == NULL)
        return CHARSET_8BIT;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = decoded->source[i];

        zeros[i % 4] += c == 0;
        controls[i % 4] += is_control(c);
    }
    if (zeros[3] * 4 == size && (zeros[2] + controls[2]) * 4 >= size
        && zeros[0] * 20 <= size)
        return CHARSET_UTF32LE;
    if (zeros[0] * 4 == size && (zeros[1] + controls[1]) * 4 >= size
        && zeros[3] * 20 <= size)
        return CHARSET_UTF32BE;
    for (size_t i = 0; i < 2; i++) {
        zeros[i] += zeros[i + 2];
        controls[i] += controls[i + 2];
    }
    if (zeros[1] > 0 && controls[1] * 4 > size && zeros[0] * 20 <= zeros[1])
        return CHARSET_UTF16LE;
    if (zeros[0] > 0 && controls[0] * 4 > size && zeros[1] * 20 <= zeros[0])
        return CHARSET_UTF16BE;
    return CHARSET_8BIT;
}

static bool is_wide(enum charset_kind kind)
{
    return kind != CHARSET_8BIT && kind != CHARSET_UTF8;
}

/* ---- charsets of bytes ---- */

/* What a text of bytes is made of. */
struct makeup {
    size_t sequences;      /* valid, of UTF-8, but for ASCII */
    size_t strays;         /* bytes above 7F that are not in one */
    size_t first_sequence; /* offsets; SIZE_MAX: none */
    size_t first_stray;
    bool is_cut;           /* ends within a sequence; not among the strays */
};

static struct makeup makeup_read(const unsigned char *s, size_t size,
                                 size_t from, bool is_utf8)
{
    struct makeup makeup = {0, 0, SIZE_MAX, SIZE_MAX, false};
    size_t i = from;
    bool is_stray = false; /* the last: others are likelier than sequences */

    while (i < size) {
        size_t part, length, sequences = 0;
        size_t plain = is_stray ? 0 : utf8_plain(s + i, size - i, &sequences);

        if (sequences > 0 && makeup.sequences == 0)
            makeup.first_sequence = i + ascii_run(s + i, plain);
        makeup.sequences += sequences;
        i += plain;
        i += ascii_run(s + i, size - i);
        if (i == size)
            break;
        length = utf8_size(s + i, size - i, &part);
        is_stray = length == 0;
        if (length > 0) {
            if (makeup.sequences++ == 0)
                makeup.first_sequence = i;
            i += length;
        } else if (utf8_is_cut(s + i, size - i)) {
            makeup.is_cut = true;
            break;
        } else {
            if (makeup.strays++ == 0)
                makeup.first_stray = i;
            i++;
        }
    }
    /* One byte at the end is rather a letter, where nothing is UTF-8. */
    if (makeup.is_cut && makeup.sequences == 0 && !is_utf8) {
        if (makeup.strays == 0)
            makeup.first_stray = i;
        makeup.strays += size - i;
        makeup.is_cut = false;
    }
    return makeup;
}

/* What a text of bytes looks like. */
struct verdict {
    enum { IS_UTF8, IS_8BIT, IS_MIXED, IS_NOISE } kind;
    struct guess guess;    /* IS_8BIT, IS_MIXED: the charset */
    uint64_t cost;
    struct makeup makeup;
};

static bool is_noise(const struct guess *guess)
{
    return guess->pairs >= NOISE_PAIRS
           && guess->own_cost > guess->pairs * NOISE_COST;
}

/* UTF-8 whose strays, if any, are replaced or of an 8-bit charset. */
static void verdict_utf8(struct guess_work *work, struct verdict *verdict)
{
    struct guess guess;
    uint64_t mixed;

    guess_find(work, NULL, &guess);
    mixed = guess.cost + MIXED_COST;
    verdict->cost = guess.cost - guess.own_cost
                    + verdict->makeup.strays * REPLACED_COST;
    if (verdict->makeup.strays > 0 && mixed < verdict->cost
        && !is_noise(&guess)) {
        verdict->kind = IS_MIXED;
        verdict->guess = guess;
        verdict->cost = mixed;
    }
}

/* An 8-bit charset, where that is likelier. */
static void verdict_8bit(struct guess_work *work, struct verdict *verdict)
{
    struct guess guess;

    guess_find(work, NULL, &guess);
    if (verdict->makeup.sequences == 0)
        verdict->cost = guess.cost - guess.own_cost
                        + verdict->makeup.strays * REPLACED_COST_ALONE;
    if (guess.cost >= verdict->cost)
        return;
    verdict->kind = is_noise(&guess) ? IS_NOISE : IS_8BIT;
    verdict->guess = guess;
    verdict->cost = guess.cost;
}

/* What the source, of bytes of this makeup, looks like.  After it, `work` has
 * the pairs of its bytes. */
static void what_is(struct guess_work *work, const struct decoded *decoded,
                    struct verdict *verdict)
{
    const unsigned char *s = decoded->source;
    size_t size = decoded->source_size;
    size_t bom = decoded->bom;

    if (verdict->makeup.sequences > 0) {
        guess_read(work, s + bom, size - bom, true);
        verdict_utf8(work, verdict);
    }
    guess_read(work, s, size, false);
    if (verdict->makeup.strays > 0)
        verdict_8bit(work, verdict);
    if (verdict->kind == IS_UTF8 && verdict->makeup.strays >= REPLACED_FEW
        && verdict->makeup.strays > size / REPLACED_SHARE)
        verdict->kind = IS_NOISE;
}

/* But for its message. */
static void error_begin(precis_error *error, size_t offset)
{
    memset(error, 0, sizeof *error);
    error->code = PRECIS_EBAD_ENCODING;
    error->offset = (long long) offset;
}

static int fail_binary(precis_error *error, size_t offset, const char *what)
{
    if (error != NULL) {
        error_begin(error, offset);
        snprintf(error->message, sizeof error->message,
                 "the article looks like %s, not text", what);
    }
    return PRECIS_EBAD_ENCODING;
}

static int fail_noise(precis_error *error, size_t offset)
{
    if (error != NULL) {
        error_begin(error, offset);
        snprintf(error->message, sizeof error->message,
                 "the article looks like binary data, or is in a charset "
                 "that must be declared");
    }
    return PRECIS_EBAD_ENCODING;
}

static int controls_check(const struct decoded *decoded, precis_error *error)
{
    size_t offset = 0;

    if (binary_has_controls(decoded->source, decoded->source_size, &offset))
        return fail_binary(error, offset, "binary data");
    return 0;
}

/* ---- what is declared against what it looks like ---- */

/* Takes what the verdict says. */
static int verdict_take(struct charset_cache *cache, struct arena *arena,
                        const struct verdict *verdict,
                        struct decoded *decoded, precis_error *error)
{
    const struct converter *converter = charset_utf(CHARSET_UTF8);
    struct converter *mixed;
    int code;

    if (verdict->kind == IS_8BIT || verdict->kind == IS_MIXED) {
        code = charset_converter(cache, verdict->guess.charset, &converter,
                                 error);
        if (code != 0)
            return code;
    }
    decoded->charset = converter->name;
    decoded->converter = converter;
    if (verdict->kind == IS_8BIT)
        decoded->bom = 0;
    if (verdict->kind != IS_MIXED)
        return 0;
    mixed = arena_take(arena, sizeof *mixed);
    if (mixed == NULL)
        return charset_no_memory(error);
    *mixed = *charset_utf(CHARSET_UTF8);
    mixed->table = converter->table;
    decoded->converter = mixed;
    if (verdict->makeup.sequences > 0
        && verdict->makeup.strays > verdict->makeup.sequences) {
        decoded->other = mixed->name;
        decoded->first_other = verdict->makeup.first_sequence;
    } else {
        decoded->charset = mixed->name;
        decoded->other = converter->name;
        decoded->first_other = verdict->makeup.first_stray;
    }
    return 0;
}

/* Whether a charset has nothing for a byte, or a C1 control character. */
static bool is_undecodable(const struct charset_char *c)
{
    return (c->size & CHARSET_BAD) != 0
           || (c->size == 2 && c->utf8[0] == 0xC2 && c->utf8[1] < 0xA0);
}

/* Such bytes, but for NUL. */
static size_t undecodable(const struct charset_table *table,
                          const struct decoded *decoded)
{
    const unsigned char *s = decoded->source;
    size_t size = decoded->source_size, bad = 0;

    for (size_t i = 0; i < size; i++) {
        if (table->ascii)
            i += ascii_run(s + i, size - i);
        if (i < size && s[i] > 0)
            bad += is_undecodable(&table->chars[s[i]]);
    }
    return bad;
}

/* Whether a declared 8-bit charset must give way to the verdict. */
static bool is_overruled(struct guess_work *work,
                         const struct converter *declared,
                         const struct verdict *verdict,
                         const struct decoded *decoded)
{
    const struct makeup *makeup = &verdict->makeup;
    struct guess guess;
    bool fails;
    size_t bad;

    if (verdict->kind == IS_8BIT
        && strcmp(verdict->guess.charset, declared->name) == 0)
        return false;
    bad = undecodable(declared->table, decoded);
    fails = strcmp(declared->name, "US-ASCII") == 0
            || bad > decoded->source_size / UNDECODABLE_SHARE;
    /* One of which nothing is known is believed, but for what cannot be. */
    if (!guess_find(work, declared->name, &guess))
        return fails ? verdict->kind != IS_UTF8 || makeup->strays < bad
                     : verdict->kind == IS_UTF8 && makeup->strays == 0
                           && makeup->sequences >= 4;
    if (verdict->kind == IS_NOISE)
        return fails || is_noise(&guess);
    if (fails)
        return verdict->cost < guess.cost;
    if (bad == 0 && verdict->kind == IS_UTF8 && makeup->strays > 0)
        return false;
    return verdict->cost + DECLARED_COST
               + (bad > 0 ? 0 : guess.pairs * DECLARED_PAIR_COST)
           < guess.cost;
}

static void bytes_take(const struct converter *declared,
                       struct decoded *decoded)
{
    decoded->bom = 0;
    decoded->charset = declared->name;
    decoded->converter = declared;
}

/* A text of bytes, with `declared` NULL or the converter declared.  What is
 * valid UTF-8, and not declared to be in an 8-bit charset, is not scored. */
static int bytes_find(struct charset_cache *cache, struct arena *arena,
                      const struct converter *declared,
                      struct decoded *decoded, precis_error *error)
{
    bool is_8bit = declared != NULL && declared->kind == CHARSET_8BIT;
    bool is_utf8 = decoded->bom > 0
                   || (declared != NULL && declared->kind == CHARSET_UTF8);
    struct verdict verdict = {.kind = IS_UTF8};
    int code = controls_check(decoded, error);

    if (code != 0)
        return code;
    verdict.makeup = makeup_read(decoded->source, decoded->source_size,
                                 decoded->bom, is_utf8);
    if (verdict.makeup.strays > 0
        || (is_8bit && verdict.makeup.sequences > 0)) {
        struct guess_work *work = charset_work(cache);

        if (work == NULL)
            return charset_no_memory(error);
        what_is(work, decoded, &verdict);
        if (is_8bit && !is_overruled(work, declared, &verdict, decoded)) {
            bytes_take(declared, decoded);
            return 0;
        }
    } else if (is_8bit) {
        bytes_take(declared, decoded);
        return 0;
    }
    if (verdict.kind == IS_NOISE)
        return fail_noise(error, verdict.makeup.first_stray);
    code = verdict_take(cache, arena, &verdict, decoded, error);
    if (code == 0 && declared != NULL
        && strcmp(declared->name, decoded->charset) != 0)
        decoded->declared = declared->name;
    return code;
}

/* Whether what is declared as UTF-16 or UTF-32 looks like text of bytes: no
 * NUL, as all spaces and line ends have, and no control character. */
static bool looks_narrow(const struct decoded *decoded)
{
    size_t size = sample_size(decoded);

    for (size_t i = 0; i < size; i++)
        if (is_control(decoded->source[i]))
            return false;
    return true;
}

static bool is_order_of(enum charset_kind kind, enum charset_kind family)
{
    return kind == family
           || (family == CHARSET_UTF16
               && (kind == CHARSET_UTF16LE || kind == CHARSET_UTF16BE))
           || (family == CHARSET_UTF32
               && (kind == CHARSET_UTF32LE || kind == CHARSET_UTF32BE));
}

/* The charset taken at its word, but for a BOM and the order. */
static void declared_take(const struct converter *declared,
                          struct decoded *decoded)
{
    enum charset_kind kind = declared->kind;

    if (kind != CHARSET_8BIT)
        declared = charset_utf(order_find(decoded, bom_find(decoded, kind)));
    decoded->converter = declared;
    decoded->charset = declared->name;
}

/* What is not declared as UTF-16 or UTF-32, or is surely not: NULL where it is
 * no such charset. */
static const struct converter *wide_find(const struct converter *declared,
                                         struct decoded *decoded)
{
    enum charset_kind kind =
        bom_find(decoded, declared != NULL ? declared->kind : CHARSET_UTF8);
    bool is_doubtful = decoded->source_size >= WIDE_DOUBT_SIZE;
    enum charset_kind looks = wide_guess(decoded);

    /* FF FE are letters of 8-bit charsets, too. */
    if (decoded->bom > 0 && is_wide(kind)
        && (declared == NULL || declared->kind != CHARSET_8BIT))
        return charset_utf(kind);
    if (declared != NULL && is_wide(declared->kind)) {
        if (kind == CHARSET_UTF8 && decoded->bom > 0)
            return NULL;
        if (is_doubtful && is_wide(looks))
            return charset_utf(looks);
        if (is_doubtful && looks_narrow(decoded))
            return NULL;
        return charset_utf(order_find(decoded, kind));
    }
    if (!is_wide(looks)) {
        if (is_wide(kind))
            decoded->bom = 0;
        return NULL;
    }
    return charset_utf(looks);
}

int converter_find(struct charset_cache *cache, struct arena *arena,
                   const char *charset, bool strict, struct decoded *decoded,
                   precis_error *error)
{
    const char *binary = binary_find(decoded->source, decoded->source_size);
    const struct converter *declared = NULL;
    const struct converter *wide;

    if (charset != NULL && strcmp(charset, "auto") != 0) {
        int code = charset_converter(cache, charset, &declared, error);

        if (code != 0)
            return code;
        if (strict) {
            declared_take(declared, decoded);
            return 0;
        }
    }
    if (binary != NULL)
        return fail_binary(error, 0, binary);
    wide = wide_find(declared, decoded);
    if (wide == NULL)
        return bytes_find(cache, arena, declared, decoded, error);
    decoded->converter = wide;
    decoded->charset = wide->name;
    if (declared != NULL && !is_order_of(wide->kind, declared->kind))
        decoded->declared = declared->name;
    return 0;
}
