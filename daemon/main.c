/* precisd - summarizes the articles that clients send over ZeroMQ. */
#include <config.h>

#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/activation.h"
#include "daemon/config.h"
#include "daemon/endpoint.h"
#include "daemon/log.h"
#include "daemon/notify.h"
#include "daemon/options.h"
#include "daemon/process.h"
#include "daemon/server.h"
#include "po/intl.h"

/* Large articles get pages of their own, which go back to the system at
 * once; and a few arenas are enough, since workers hardly allocate. */
static void tune_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 4);
    mallopt(M_MMAP_THRESHOLD, 256 << 10);
    mallopt(M_TRIM_THRESHOLD, 512 << 10);
#endif
}

/* Who names no endpoint gets those that systemd passed, else the usual one,
 * with its folder. */
static int find_endpoints(struct config *config)
{
    char endpoint[sizeof ENDPOINT_IPC + ENDPOINT_PATH_MAX];
    char reason[CONFIG_REASON_SIZE];
    int error;

    if (activation_adopt(config, reason) != 0) {
        fprintf(stderr, "precisd: %s\n", reason);
        return EX_CONFIG;
    }
    if (config->endpoint_count > 0)
        return 0;
    if (endpoint_default(endpoint, sizeof endpoint) != 0) {
        fprintf(stderr, "precisd: %s\n",
                _("the path of XDG_RUNTIME_DIR is too long"));
        return EX_CONFIG;
    }
    error = endpoint_make_folder(endpoint, config->socket_group);
    if (error != 0) {
        fprintf(stderr, _("precisd: cannot make the folder of %s: %s"),
                endpoint_path(endpoint), strerror(error));
        fputs("\n", stderr);
        return EX_NOPERM;
    }
    if (config_set(config, config_key(0), endpoint, reason) != 0) {
        fprintf(stderr, "precisd: %s\n", reason);
        return EX_CONFIG;
    }
    return 0;
}

/* The command line, for reloads. */
struct arguments {
    int count;
    char **words;
};

static int load_again(void *context, struct config *config, FILE *errors)
{
    const struct arguments *arguments = context;

    if (options_parse(arguments->count, arguments->words, config, errors) >= 0)
        return -1;
    config->endpoints_given = config->endpoint_count;
    return 0;
}

int main(int argc, char **argv)
{
    struct arguments arguments = {argc, argv};
    struct config config;
    struct server *server;
    char reason[SERVER_REASON_SIZE];
    int status;

    tune_memory();
    process_remember();
    intl_start();
    config_init(&config);
    status = options_parse(argc, argv, &config, stderr);
    if (status >= 0)
        goto cleanup;
    config.endpoints_given = config.endpoint_count;
    log_open((int) config.log_level);
    status = find_endpoints(&config);
    if (status != 0)
        goto cleanup;
    status = server_open(&server, &config, load_again, &arguments, reason);
    if (status != 0) {
        fprintf(stderr, "precisd: %s\n", reason);
        goto cleanup;
    }
    log_line(LOG_LEVEL_NOTICE, "precisd %s: ready on %s", PACKAGE_VERSION,
             server_endpoints(server));
    notify_send("READY=1\nSTATUS=ready on %s", server_endpoints(server));
    status = server_run(server);
    server_close(server);

cleanup:
    config_clear(&config);
    return status;
}
