/* status.h - exit statuses that no code of precis-error.h stands for; those
 * that do are in code_exit_status().  The numbers are sysexits'. */
#ifndef CLIENTS_STATUS_H
#define CLIENTS_STATUS_H

enum status {
    STATUS_OK = 0,
    STATUS_SOME_FAILED = 1, /* lines of a batch */
    STATUS_USAGE = 64,
    STATUS_NO_INPUT = 66,
    STATUS_NO_ANSWER = 69,
    STATUS_INTERNAL = 70,
    STATUS_IO = 74,
    STATUS_TRY_AGAIN = 75,
    STATUS_CONFIG = 78,
    STATUS_INTERRUPTED = 130
};

#endif
