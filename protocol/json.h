/* json.h - reading JSON as it stands, beside jansson.  Private to protocol/.
 *
 * jansson says what a header means; these say what jansson cannot: how deep
 * it is before a recursive parser sees it, and how a value was written.
 * json_find_raw() of protocol.h belongs here too.
 */
#ifndef PROTOCOL_JSON_H
#define PROTOCOL_JSON_H

#include <stddef.h>

/* How deep objects and arrays nest in any bytes, JSON or not; linear.  Where
 * more than `max`, counting stops there, with the offset in *offset. */
unsigned json_depth(const char *json, size_t size, unsigned max,
                    size_t *offset);

#endif
