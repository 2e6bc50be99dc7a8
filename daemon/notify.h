/* notify.h - tells systemd how the service is (sd_notify(3)). */
#ifndef DAEMON_NOTIFY_H
#define DAEMON_NOTIFY_H

/* Sends lines such as "READY=1\nSTATUS=..." as one datagram to the socket
 * that NOTIFY_SOCKET names.  Does nothing where there is none; a failure is
 * ignored, since nobody is there to be told. */
void notify_send(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif
