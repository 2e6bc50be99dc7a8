#include <config.h>

#include "clients/ctl.h"
#include "po/intl.h"

static const struct ctl_command commands[] = {
    {"ping", NULL, 0, 0, CTL_JSON, ctl_ping, N_("is it there?")},
    {"status", NULL, 0, 0, CTL_JSON, ctl_status, N_("what it is doing")},
    {"languages", NULL, 0, 0, CTL_JSON, ctl_languages,
     N_("the languages it knows")},
    {"metrics", NULL, 0, 0, 0, ctl_metrics,
     N_("counters, in Prometheus's text format")},
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
