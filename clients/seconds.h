/* seconds.h - the value of --timeout. */
#ifndef CLIENTS_SECONDS_H
#define CLIENTS_SECONDS_H

/* "2", "0.5": decimal seconds with a point, whatever the locale, to
 * milliseconds.  0 where they are none, or not from 0.001 to 600. */
unsigned seconds_parse(const char *text);

/* Says so; returns STATUS_USAGE. */
int seconds_refuse(const char *text);

#endif
