/* process.h - the number of this process, without asking the kernel each time.
 *
 * libzmq asks for it whenever it looks into one of its mailboxes, to notice a
 * fork: once a request under load, and eleven times for a request that is
 * alone, of 30 system calls.  This program's own getpid(), which libzmq finds
 * before that of the C library, asks once in each process.
 */
#ifndef DAEMON_PROCESS_H
#define DAEMON_PROCESS_H

/* From now on; before, the kernel is asked as ever.  Where memory is short it
 * goes on being asked. */
void process_remember(void);

#endif
