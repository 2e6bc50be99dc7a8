/* charset.c - the charsets that are allowed, and the tables of 8-bit ones.
 *
 * The tables of those that guess.c tells apart are ours (charset-tables), so
 * that every machine reads them alike: musl's iconv has fewer.  The others are
 * asked from iconv, which is never given text.  In an 8-bit charset every byte
 * is a character of its own, so each of the 255 bytes is converted alone,
 * once, and the answers are kept.  That leaves nothing for a hostile article
 * to reach (iconv implementations have looped, aborted and written out of
 * bounds; all their multi-byte and stateful charsets are refused here), makes
 * the offset of each character exact, and is several times faster than iconv
 * itself.  windows-1258 is no exception: its combining accents are characters
 * of their own, which iconv joins to the letter before them and normalize()
 * does here.
 */
#include <config.h>

#include "engine/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/unicode.h"

#ifndef ICONV_CONST
#define ICONV_CONST
#endif

/* Longer names are refused unseen; the longest of ours has 19 bytes. */
#define NAME_MAX_SIZE 40

/* To add a charset: an 8-bit one without shift states that glibc and GNU
 * libiconv have, or one more in CHARSETS of bench/charset_train.py, which then
 * writes its table; then run tests/engine/test_codecs.py. */
struct charset {
    enum charset_kind kind;
    const char *name;
    const char *iconv_names; /* to try in turn, since glibc, libiconv and musl
                                differ; none where the table is ours */
    const char *aliases;     /* in small letters, without - _ and space */
};

static const struct charset charsets[] = {
    {CHARSET_UTF8, "UTF-8", "", "unicode11utf8 cp65001"},
    {CHARSET_UTF16, "UTF-16", "", "unicode ucs2 iso10646ucs2"},
    {CHARSET_UTF16LE, "UTF-16LE", "", "ucs2le cp1200 unicodefeff"},
    {CHARSET_UTF16BE, "UTF-16BE", "", "ucs2be cp1201 unicodefffe"},
    {CHARSET_UTF32, "UTF-32", "", "ucs4 iso10646ucs4"},
    {CHARSET_UTF32LE, "UTF-32LE", "", "ucs4le"},
    {CHARSET_UTF32BE, "UTF-32BE", "", "ucs4be"},
    {CHARSET_8BIT, "US-ASCII", "US-ASCII",
     "ascii us iso646us ansix3.41968 ansix3.41986 646 ibm367 cp367"},
    /* ISO-8859-1 as well: what is declared so holds quotes, dashes and euro
     * signs at 80 to 9F, where ISO-8859-1 has only control characters. */
    {CHARSET_8BIT, "windows-1252", "",
     "cp1252 xcp1252 1252 ansi iso88591 iso88591:1987 88591 latin1 l1 "
     "isoir100 ibm819 cp819"},
    {CHARSET_8BIT, "ISO-8859-2", "",
     "iso88592:1987 88592 latin2 l2 isoir101"},
    {CHARSET_8BIT, "ISO-8859-3", "ISO-8859-3",
     "iso88593:1988 88593 latin3 l3 isoir109"},
    {CHARSET_8BIT, "ISO-8859-4", "ISO-8859-4",
     "iso88594:1988 88594 latin4 l4 isoir110"},
    {CHARSET_8BIT, "ISO-8859-5", "",
     "iso88595:1988 88595 cyrillic isoir144"},
    {CHARSET_8BIT, "ISO-8859-6", "",
     "iso88596:1987 88596 arabic isoir127 asmo708 ecma114"},
    {CHARSET_8BIT, "ISO-8859-7", "",
     "iso88597:1987 iso88597:2003 88597 greek greek8 isoir126 elot928 "
     "ecma118"},
    {CHARSET_8BIT, "ISO-8859-8", "ISO-8859-8",
     "iso88598:1988 iso88598i iso88598e 88598 hebrew isoir138"},
    {CHARSET_8BIT, "ISO-8859-9", "ISO-8859-9",
     "iso88599:1989 88599 latin5 l5 isoir148"},
    {CHARSET_8BIT, "ISO-8859-10", "ISO-8859-10",
     "iso885910:1992 885910 latin6 l6 isoir157"},
    {CHARSET_8BIT, "ISO-8859-11", "ISO-8859-11",
     "iso885911:2001 885911 tis620"},
    {CHARSET_8BIT, "ISO-8859-13", "", "885913 latin7 l7 isoir179"},
    {CHARSET_8BIT, "ISO-8859-14", "ISO-8859-14",
     "iso885914:1998 885914 latin8 l8 isoir199"},
    {CHARSET_8BIT, "ISO-8859-15", "",
     "iso885915:1998 885915 latin9 l9 isoir203"},
    {CHARSET_8BIT, "ISO-8859-16", "",
     "iso885916:2001 885916 latin10 l10 isoir226"},
    {CHARSET_8BIT, "windows-874", "WINDOWS-874 CP874", "cp874 874 dos874"},
    {CHARSET_8BIT, "windows-1250", "",
     "cp1250 xcp1250 1250"},
    {CHARSET_8BIT, "windows-1251", "",
     "cp1251 xcp1251 1251"},
    {CHARSET_8BIT, "windows-1253", "",
     "cp1253 xcp1253 1253"},
    {CHARSET_8BIT, "windows-1254", "",
     "cp1254 xcp1254 1254"},
    {CHARSET_8BIT, "windows-1255", "",
     "cp1255 xcp1255 1255"},
    {CHARSET_8BIT, "windows-1256", "",
     "cp1256 xcp1256 1256"},
    {CHARSET_8BIT, "windows-1257", "",
     "cp1257 xcp1257 1257"},
    {CHARSET_8BIT, "windows-1258", "WINDOWS-1258 CP1258",
     "cp1258 xcp1258 1258"},
    {CHARSET_8BIT, "KOI8-R", "", "koi8 koi"},
    {CHARSET_8BIT, "KOI8-U", "", "koi8ru"},
    {CHARSET_8BIT, "MACINTOSH", "", "mac macroman xmacroman"},
    {CHARSET_8BIT, "MAC-CYRILLIC", "", "xmaccyrillic"},
    {CHARSET_8BIT, "MAC-CENTRALEUROPE", "",
     "macce xmacce maclatin2"},
    {CHARSET_8BIT, "IBM437", "IBM437 CP437", "cp437 437"},
    {CHARSET_8BIT, "IBM850", "", "cp850 850"},
    {CHARSET_8BIT, "IBM852", "", "cp852 852"},
    {CHARSET_8BIT, "IBM855", "", "cp855 855"},
    {CHARSET_8BIT, "IBM858", "IBM858 CP858 IBM00858",
     "cp858 858 ibm00858 cp00858"},
    {CHARSET_8BIT, "IBM865", "IBM865 CP865", "cp865 865"},
    {CHARSET_8BIT, "IBM866", "", "cp866 866"},
};

#define CHARSET_COUNT (sizeof charsets / sizeof charsets[0])

/* Known, but not read: of more than one byte, which no stemmer of ours wants,
 * and which iconvs convert with faults (notably musl's EUC-KR and GB18030,
 * CVE-2025-26519 and CVE-2026-6042).  In small letters, without - _ and space.
 * ISO-2022 is the beginning of several. */
static const char unsupported[] =
    "shiftjis sjis xsjis mskanji cp932 ms932 windows31j shiftjis2004 "
    "shiftjisx0213 eucjp eucjpms eucjisx0213 euckr uhc cp949 windows949 ms949 "
    "ksc56011987 johab cp1361 euccn gb2312 gbk cp936 ms936 windows936 gb18030 "
    "euctw big5 big5hkscs cp950 windows950 hz hzgb2312";
static const char unsupported_family[] = "iso2022";

/* One of the cache's. */
struct charset_entry {
    struct converter converter;
    struct charset_table table;
};

struct charset_cache {
    struct charset_entry *entries[CHARSET_COUNT]; /* NULL: not met yet */
    struct guess_work *work;                      /* NULL: not wanted yet */
};

/* ---- names ---- */

/* Writes a name in small letters without - _ and space; returns 0, or -1 for
 * what cannot be the name of a charset. */
static int name_simplify(const char *name, char simple[NAME_MAX_SIZE + 1])
{
    size_t used = 0;

    for (size_t i = 0; name[i] != '\0'; i++) {
        char c = name[i];

        if (i == NAME_MAX_SIZE)
            return -1;
        if (c == '-' || c == '_' || c == ' ')
            continue;
        if (c >= 'A' && c <= 'Z')
            c = (char) (c + ('a' - 'A'));
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.'
              || c == ':' || c == '+'))
            return -1;
        simple[used++] = c;
    }
    simple[used] = '\0';
    return used > 0 ? 0 : -1;
}

/* Whether `word` is one of the words of `list`, between spaces. */
static bool list_has(const char *list, const char *word)
{
    while (true) {
        size_t i = 0;

        while (word[i] != '\0' && list[i] == word[i])
            i++;
        if (word[i] == '\0' && (list[i] == ' ' || list[i] == '\0'))
            return true;
        list = strchr(list + i, ' ');
        if (list == NULL)
            return false;
        list++;
    }
}

/* Whether `simple` is what name_simplify() makes of a name of the table. */
static bool is_simply(const char *simple, const char *name)
{
    for (; *name != '\0'; name++) {
        char c = *name;

        if (c == '-')
            continue;
        if (c >= 'A' && c <= 'Z')
            c = (char) (c + ('a' - 'A'));
        if (*simple++ != c)
            return false;
    }
    return *simple == '\0';
}

/* "windows1252" is also written "win1252". */
static bool is_windows(const char *simple, const char *name)
{
    return strncmp(simple, "win", 3) == 0 && strncmp(name, "windows-", 8) == 0
           && strcmp(simple + 3, name + 8) == 0;
}

static const struct charset *row_find(const char *name)
{
    char wanted[NAME_MAX_SIZE + 1];

    for (size_t i = 0; i < CHARSET_COUNT; i++)
        if (strcmp(charsets[i].name, name) == 0)
            return &charsets[i];
    if (name_simplify(name, wanted) != 0)
        return NULL;
    for (size_t i = 0; i < CHARSET_COUNT; i++)
        if (is_simply(wanted, charsets[i].name)
            || list_has(charsets[i].aliases, wanted)
            || is_windows(wanted, charsets[i].name))
            return &charsets[i];
    return NULL;
}

const char *charset_name(size_t number)
{
    return number < CHARSET_COUNT ? charsets[number].name : NULL;
}

const char *charset_find(const char *name)
{
    const struct charset *row = row_find(name);

    return row != NULL ? row->name : NULL;
}

/* ---- errors ---- */

static int fail(precis_error *error, int code, const char *key)
{
    if (error == NULL)
        return code;
    memset(error, 0, sizeof *error);
    error->code = code;
    error->offset = -1;
    snprintf(error->key, sizeof error->key, "%s", key);
    return code;
}

int charset_no_memory(precis_error *error)
{
    fail(error, PRECIS_EINTERNAL, "");
    if (error != NULL)
        snprintf(error->message, sizeof error->message, "out of memory");
    return PRECIS_EINTERNAL;
}

static bool is_unsupported(const char *name)
{
    char simple[NAME_MAX_SIZE + 1];

    return name_simplify(name, simple) == 0
           && (list_has(unsupported, simple)
               || strncmp(simple, unsupported_family,
                          sizeof unsupported_family - 1)
                      == 0);
}

static int fail_unsupported(const char *name, precis_error *error)
{
    fail(error, PRECIS_EUNSUPPORTED, "charset");
    if (error != NULL) /* the name has nothing but letters, digits and so on */
        snprintf(error->message, sizeof error->message,
                 "charset %s is not supported: Chinese, Japanese and Korean "
                 "only in UTF-8, UTF-16 and UTF-32",
                 name);
    return PRECIS_EUNSUPPORTED;
}

/* Of a name that may be anything: what is shown of it is short, so that the
 * names allowed have room behind it, and printable. */
static int fail_unknown(const char *name, precis_error *error)
{
    char shown[13];
    size_t used = 0;
    size_t i;

    fail(error, PRECIS_EBAD_REQUEST, "charset");
    if (error == NULL)
        return PRECIS_EBAD_REQUEST;
    for (i = 0; i < sizeof shown - 1 && name[i] != '\0'; i++)
        shown[i] = name[i] < ' ' || name[i] > '~' ? '?' : name[i];
    shown[i] = '\0';
    used += (size_t) snprintf(error->message, sizeof error->message,
                              "charset \"%s\" is none of: auto", shown);
    for (i = 0; i < CHARSET_COUNT && used < sizeof error->message; i++)
        used += (size_t) snprintf(
            error->message + used, sizeof error->message - used, " %s%s",
            charsets[i].name,
            strcmp(charsets[i].name, "windows-1252") == 0 ? " ISO-8859-1" : "");
    return PRECIS_EBAD_REQUEST;
}

/* What is no name of a charset here. */
static int fail_name(const char *name, precis_error *error)
{
    return is_unsupported(name) ? fail_unsupported(name, error)
                                : fail_unknown(name, error);
}

static int fail_missing(const char *name, precis_error *error)
{
    fail(error, PRECIS_EUNSUPPORTED, "charset");
    if (error != NULL)
        snprintf(error->message, sizeof error->message,
                 "the iconv of this system does not know charset %s", name);
    return PRECIS_EUNSUPPORTED;
}

int charset_check(const char *name, const char **canonical, precis_error *error)
{
    const struct charset *row = row_find(name);

    if (row == NULL)
        return fail_name(name, error);
    if (canonical != NULL)
        *canonical = row->name;
    return 0;
}

/* ---- tables ---- */

/* A descriptor of the first of several names that iconv knows, or -1 as
 * iconv_open(): every iconv knows UTF-32LE and writes no BOM in it. */
static iconv_t iconv_find(const char *names)
{
    const iconv_t none = (iconv_t) -1;
    iconv_t descriptor = none;

    while (*names != '\0' && descriptor == none) {
        char name[NAME_MAX_SIZE + 1];
        size_t length = strcspn(names, " ");

        memcpy(name, names, length);
        name[length] = '\0';
        descriptor = iconv_open("UTF-32LE", name);
        names += length;
        names += strspn(names, " ");
    }
    return descriptor;
}

/* The character of one byte, or U+FFFD.  Two calls and 16 bytes of room: no
 * loop that could fail to end.  The second call makes iconv give up what it
 * keeps back to join with a byte that never comes. */
static uint32_t byte_convert(iconv_t descriptor, unsigned char byte)
{
    char in[1] = {(char) byte};
    unsigned char out[16];
    char *in_next = in;
    char *out_next = (char *) out;
    size_t in_left = sizeof in;
    size_t out_left = sizeof out;
    uint32_t cp;

    iconv(descriptor, NULL, NULL, NULL, NULL);
    if (iconv(descriptor, (ICONV_CONST char **) &in_next, &in_left, &out_next,
              &out_left)
        != 0)
        return 0xFFFD;
    if (iconv(descriptor, NULL, NULL, &out_next, &out_left) == (size_t) -1)
        return 0xFFFD;
    if (in_left != 0 || out_left != sizeof out - 4)
        return 0xFFFD;
    cp = (uint32_t) out[0] | (uint32_t) out[1] << 8 | (uint32_t) out[2] << 16
         | (uint32_t) out[3] << 24;
    /* A charset_char holds 3 bytes; no 8-bit charset needs 4. */
    if (cp == 0 || cp > 0xFFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        return 0xFFFD;
    return cp;
}

static void table_set(struct charset_table *table, unsigned byte, uint32_t cp)
{
    struct charset_char *c = &table->chars[byte];
    char utf8[4] = {0};

    c->size = (unsigned char) utf8_put(cp, utf8);
    memcpy(c->utf8, utf8, sizeof c->utf8);
    if (cp == 0xFFFD)
        c->size |= CHARSET_BAD;
    if (byte > 0 && byte < 0x80 && cp != byte)
        table->ascii = false;
    if (!unicode_is_inert(cp))
        table->inert = false;
}

/* A table of ours; false where there is none. */
static bool table_copy(struct charset_table *table, const char *name)
{
    const struct guess_charset *own = guess_charsets;
    const struct guess_charset *end = own + guess_charset_count;

    while (own < end && strcmp(own->name, name) != 0)
        own++;
    if (own == end)
        return false;
    for (unsigned byte = 1; byte < 128; byte++)
        table_set(table, byte, byte);
    for (unsigned i = 0; i < 128; i++) {
        unsigned number = own->characters[i];

        table_set(table, 128 + i,
                  number == 0 ? 0xFFFD : guess_characters[number - 1].code);
    }
    return true;
}

static int table_load(struct charset_table *table, const struct charset *row)
{
    iconv_t descriptor;

    table->ascii = true;
    table->inert = true;
    table_set(table, 0, 0xFFFD); /* NUL is no text */
    if (table_copy(table, row->name))
        return 0;
    descriptor = iconv_find(row->iconv_names);
    if (descriptor == (iconv_t) -1)
        return errno == EINVAL ? PRECIS_EUNSUPPORTED : PRECIS_EINTERNAL;
    for (unsigned byte = 1; byte < 256; byte++)
        table_set(table, byte, byte_convert(descriptor, (unsigned char) byte));
    iconv_close(descriptor);
    return 0;
}

static int entry_new(const struct charset *row, struct charset_entry **entry,
                     precis_error *error)
{
    struct charset_entry *new = calloc(1, sizeof *new);
    int code;

    if (new == NULL)
        return charset_no_memory(error);
    code = table_load(&new->table, row);
    if (code != 0) {
        free(new);
        return code == PRECIS_EUNSUPPORTED ? fail_missing(row->name, error)
                                           : charset_no_memory(error);
    }
    new->converter.kind = CHARSET_8BIT;
    new->converter.name = row->name;
    new->converter.table = &new->table;
    *entry = new;
    return 0;
}

int charset_converter(struct charset_cache *cache, const char *name,
                      const struct converter **converter, precis_error *error)
{
    const struct charset *row = row_find(name);
    struct charset_entry **entry;
    int code;

    if (row == NULL)
        return fail_name(name, error);
    if (row->kind != CHARSET_8BIT) {
        *converter = charset_utf(row->kind);
        return 0;
    }
    entry = &cache->entries[row - charsets];
    if (*entry == NULL && (code = entry_new(row, entry, error)) != 0)
        return code;
    *converter = &(*entry)->converter;
    return 0;
}

const struct converter *charset_utf(enum charset_kind kind)
{
    static const struct converter converters[] = {
        [CHARSET_UTF8] = {CHARSET_UTF8, "UTF-8", NULL},
        [CHARSET_UTF16] = {CHARSET_UTF16, "UTF-16", NULL},
        [CHARSET_UTF16LE] = {CHARSET_UTF16LE, "UTF-16LE", NULL},
        [CHARSET_UTF16BE] = {CHARSET_UTF16BE, "UTF-16BE", NULL},
        [CHARSET_UTF32] = {CHARSET_UTF32, "UTF-32", NULL},
        [CHARSET_UTF32LE] = {CHARSET_UTF32LE, "UTF-32LE", NULL},
        [CHARSET_UTF32BE] = {CHARSET_UTF32BE, "UTF-32BE", NULL},
    };

    return &converters[kind];
}

struct charset_cache *charset_cache_new(void)
{
    return calloc(1, sizeof(struct charset_cache));
}

struct guess_work *charset_work(struct charset_cache *cache)
{
    if (cache->work == NULL)
        cache->work = guess_work_new();
    return cache->work;
}

void charset_cache_free(struct charset_cache *cache)
{
    if (cache == NULL)
        return;
    for (size_t i = 0; i < CHARSET_COUNT; i++)
        free(cache->entries[i]);
    guess_work_free(cache->work);
    free(cache);
}
