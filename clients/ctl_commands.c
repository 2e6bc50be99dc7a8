#include <config.h>

#include "clients/ctl.h"
#include "po/intl.h"

static const struct ctl_command commands[] = {
    {"ping", NULL, 0, 0, CTL_JSON, ctl_ping, N_("is it there?")},
    {"status", NULL, 0, 0, CTL_JSON | CTL_READY, ctl_status,
     N_("what it is doing")},
    {"languages", NULL, 0, 0, CTL_JSON, ctl_languages,
     N_("the languages it knows")},
    {"metrics", NULL, 0, 0, 0, ctl_metrics,
     N_("counters, in Prometheus's text format")},
    {"top", NULL, 0, 0, 0, ctl_top, N_("a live view; q ends it")},
    {"selftest", NULL, 0, 0, 0, ctl_selftest,
     N_("send it articles of our own, and check what comes back")},
    {"keygen", N_("NAME"), 1, 1, 0, ctl_keygen,
     N_("make NAME.key and NAME.pub, for a service or a client")},
    {"authorize", N_("KEY [NAME]"), 0, 2, CTL_LIST, ctl_authorize,
     N_("let a client connect, or with --revoke no more")},
    {"reload", NULL, 0, 0, CTL_JSON, ctl_reload,
     N_("have it read its configuration again")},
    {"drain", NULL, 0, 0, CTL_JSON, ctl_drain,
     N_("have it finish what it has, and end")},
};

const struct ctl_command *ctl_command(size_t number)
{
    return number < sizeof commands / sizeof commands[0] ? &commands[number]
                                                         : NULL;
}
