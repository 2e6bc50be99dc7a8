#include "protocol/buffer.h"

#include <stdint.h>
#include <stdlib.h>

/* What an ordinary reply header takes. */
#define BUFFER_FIRST 1024

/* Decimal digits of the largest unsigned long long. */
#define DIGITS_MAX 20

/* Above this a real is written as this: seven digits in front of the point
 * would do for every score, and 1e12 * 1e6 still fits 64 bits. */
#define REAL_MAX 1e12

void buffer_init(struct buffer *buffer)
{
    memset(buffer, 0, sizeof *buffer);
}

void buffer_clear(struct buffer *buffer)
{
    free(buffer->data);
    buffer_init(buffer);
}

void buffer_reset(struct buffer *buffer)
{
    buffer->size = 0;
    buffer->failed = 0;
}

int buffer_grow(struct buffer *buffer, size_t more)
{
    size_t room = buffer->room < BUFFER_FIRST ? BUFFER_FIRST : buffer->room;
    size_t wanted;
    char *data;

    if (__builtin_add_overflow(buffer->size, more, &wanted)) {
        buffer->failed = 1;
        return -1;
    }
    while (room < wanted) {
        if (room > SIZE_MAX / 2) {
            room = wanted;
            break;
        }
        room *= 2;
    }
    data = realloc(buffer->data, room);
    if (data == NULL) {
        buffer->failed = 1;
        return -1;
    }
    buffer->data = data;
    buffer->room = room;
    return 0;
}

void buffer_add_string(struct buffer *buffer, const char *string)
{
    buffer_add(buffer, string, strlen(string));
}

/* Writes the digits of `number` so that they end before `end`; returns where
 * they begin. */
static char *digits_write(char *end, unsigned long long number)
{
    do {
        *--end = (char) ('0' + number % 10);
        number /= 10;
    } while (number != 0);
    return end;
}

void buffer_add_number(struct buffer *buffer, unsigned long long number)
{
    char digits[DIGITS_MAX];
    char *end = digits + sizeof digits;
    char *start = digits_write(end, number);

    buffer_add(buffer, start, (size_t) (end - start));
}

/* Millionths of a fraction in [0, 1), rounded, halves up.  In integers, so
 * that no compiler and no processor can round twice: the fraction becomes 64
 * bits behind the point (exact, or cut where it cannot matter: a half of a
 * millionth is a multiple of 1/128 or no double at all), then is multiplied
 * by hand in two halves. */
static unsigned long long fraction_millionths(double fraction)
{
    uint64_t bits = (uint64_t) (fraction * 18446744073709551616.0);
    uint64_t product =
        (bits >> 32) * 1000000u + (((bits & 0xFFFFFFFFu) * 1000000u) >> 32);

    return (product >> 32) + ((product >> 31) & 1);
}

void buffer_add_real(struct buffer *buffer, double real)
{
    char digits[DIGITS_MAX + 2]; /* and the sign and the point */
    char *end = digits + sizeof digits;
    char *start;
    unsigned long long whole, millionths;
    int negative = real < 0;

    if (!(real >= -1e300 && real <= 1e300)) /* NaN, infinity */
        real = 0, negative = 0;
    if (negative)
        real = -real;
    if (real > REAL_MAX)
        real = REAL_MAX;
    whole = (unsigned long long) real;
    millionths = fraction_millionths(real - (double) whole);
    whole += millionths / 1000000;
    millionths %= 1000000;
    if (whole == 0 && millionths == 0) /* no -0 */
        negative = 0;
    /* The 1 in front keeps the zeros; the point takes its place. */
    start = digits_write(end, 1000000 + millionths);
    *start = '.';
    start = digits_write(start, whole);
    if (negative)
        *--start = '-';
    buffer_add(buffer, start, (size_t) (end - start));
}

/* ---- JSON strings ---- */

/* Length of the well-formed UTF-8 sequence at `text` (Unicode, table 3-7);
 * where it is ill-formed, 0 and in *bad the length of its maximal subpart. */
static size_t sequence_length(const unsigned char *text, size_t left,
                              size_t *bad)
{
    unsigned char low = 0x80, high = 0xBF; /* what may follow the lead */
    size_t length, i;

    *bad = 1;
    if (text[0] < 0xC2 || text[0] > 0xF4)
        return text[0] < 0x80;
    length = text[0] < 0xE0 ? 2 : text[0] < 0xF0 ? 3 : 4;
    if (text[0] == 0xE0)
        low = 0xA0;
    else if (text[0] == 0xED)
        high = 0x9F;
    else if (text[0] == 0xF0)
        low = 0x90;
    else if (text[0] == 0xF4)
        high = 0x8F;
    for (i = 1; i < length; i++) {
        if (i == left || text[i] < low || text[i] > high) {
            *bad = i;
            return 0;
        }
        low = 0x80;
        high = 0xBF;
    }
    return length;
}

/* U+2028 and U+2029 end lines for some readers, though JSON allows them. */
static int is_line_separator(const unsigned char *text, size_t length)
{
    return length == 3 && text[0] == 0xE2 && text[1] == 0x80
           && (text[2] == 0xA8 || text[2] == 0xA9);
}

/* May the sequence stand in a JSON string as it is? */
static int is_plain(const unsigned char *text, size_t length)
{
    if (length != 1)
        return length != 0 && !is_line_separator(text, length);
    return *text >= 0x20 && *text < 0x7F && *text != '"' && *text != '\\';
}

/* Escapes U+0000 to U+007F. */
static void add_escaped(struct buffer *buffer, unsigned char c)
{
    static const char hex[] = "0123456789ABCDEF";
    static const char from[] = "\"\\\b\f\n\r\t";
    static const char to[] = "\"\\bfnrt";
    const char *found = c == 0 ? NULL : strchr(from, c);
    char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};

    if (found != NULL) {
        escape[1] = to[found - from];
        buffer_add(buffer, escape, 2);
    } else {
        buffer_add(buffer, escape, sizeof escape);
    }
}

/* Of eight bytes at once: not 0 where one is not an ordinary ASCII character,
 * that is, above 0x7E, below 0x20, a quote or a backslash.  May be wrong only
 * in being not 0 too often. */
static uint64_t has_special(const unsigned char *text)
{
    const uint64_t ones = 0x0101010101010101u;
    const uint64_t tops = 0x8080808080808080u;
    uint64_t word, quote, slash;

    memcpy(&word, text, sizeof word);
    quote = word ^ (ones * '"');
    slash = word ^ (ones * '\\');
    return (word | (word + ones) | (word - ones * 0x20) | (quote - ones)
            | (slash - ones))
           & tops;
}

void buffer_add_json(struct buffer *buffer, const char *text, size_t size)
{
    const unsigned char *next = (const unsigned char *) text;
    const unsigned char *plain = next; /* not written yet */
    const unsigned char *end = size == 0 ? next : next + size;

    buffer_add(buffer, "\"", 1);
    while (next < end) {
        size_t length, bad;

        while (end - next >= 8 && !has_special(next))
            next += 8;
        if (next == end)
            break;
        length = sequence_length(next, (size_t) (end - next), &bad);
        if (is_plain(next, length)) {
            next += length;
            continue;
        }
        buffer_add(buffer, plain, (size_t) (next - plain));
        if (length == 1)
            add_escaped(buffer, *next);
        else if (length == 3)
            buffer_add_string(buffer, next[2] == 0xA8 ? "\\u2028" : "\\u2029");
        else
            buffer_add_string(buffer, "\xEF\xBF\xBD");
        next += length == 0 ? bad : length;
        plain = next;
    }
    buffer_add(buffer, plain, (size_t) (end - plain));
    buffer_add(buffer, "\"", 1);
}

void buffer_add_key(struct buffer *buffer, const char *key)
{
    if (buffer->size > 0 && buffer->data[buffer->size - 1] != '{'
        && buffer->data[buffer->size - 1] != '[')
        buffer_add(buffer, ",\"", 2);
    else
        buffer_add(buffer, "\"", 1);
    buffer_add_string(buffer, key);
    buffer_add(buffer, "\":", 2);
}
