# precisd, the service.  libdaemon is all of it but main(), for unit tests.

noinst_LTLIBRARIES += libdaemon.la
libdaemon_la_SOURCES = \
    daemon/accept.c daemon/accept.h \
    daemon/activation.c daemon/activation.h \
    daemon/address.c daemon/address.h \
    daemon/awake.c daemon/awake.h \
    daemon/clients.c daemon/clients.h \
    daemon/config.c daemon/config.h \
    daemon/connections.c daemon/connections.h \
    daemon/control.c daemon/control.h \
    daemon/dropins.c daemon/dropins.h \
    daemon/endpoint.c daemon/endpoint.h \
    daemon/failures.c daemon/failures.h \
    daemon/guard.c daemon/guard.h \
    daemon/job.h \
    daemon/listener.c daemon/listener.h \
    daemon/lock.c daemon/lock.h \
    daemon/log.c daemon/log.h \
    daemon/lograte.c daemon/lograte.h \
    daemon/message.c daemon/message.h \
    daemon/monitor.c daemon/monitor.h \
    daemon/notify.c daemon/notify.h \
    daemon/polling.c daemon/polling.h \
    daemon/options.c daemon/options.h \
    daemon/peers.c daemon/peers.h \
    daemon/queue.c daemon/queue.h \
    daemon/process.c daemon/process.h \
    daemon/rates.c daemon/rates.h \
    daemon/reload.c daemon/reload.h \
    daemon/operation.c daemon/operation.h \
    daemon/request.c daemon/request.h \
    daemon/schedule.c daemon/schedule.h \
    daemon/security.c daemon/security.h \
    daemon/server.c daemon/server.h \
    daemon/state.h \
    daemon/stats.c daemon/stats.h \
    daemon/waiting.c daemon/waiting.h \
    daemon/watchdog.c daemon/watchdog.h \
    daemon/worker.c daemon/worker.h \
    daemon/zap.c daemon/zap.h \
    po/intl.c po/intl.h
libdaemon_la_LIBADD = $(ZMQ_LIBS) $(INIH_LIBS)

sbin_PROGRAMS += precisd
precisd_SOURCES = daemon/main.c
precisd_LDADD = libdaemon.la libanswer.la libprotocol.la libprecis.la \
    $(INTL_LIBS)

dist_man_MANS += daemon/precisd.8 daemon/precis.conf.5

# The sample is installed where no configuration stands yet, and removed only
# where nobody changed it.
EXTRA_DIST += daemon/precis.conf
precisconfdir = $(sysconfdir)/precis
install-precis-conf:
	@$(MKDIR_P) "$(DESTDIR)$(precisconfdir)"
	test -f "$(DESTDIR)$(precisconfdir)/precis.conf" || \
	    $(INSTALL_DATA) $(srcdir)/daemon/precis.conf \
	        "$(DESTDIR)$(precisconfdir)/precis.conf"
uninstall-precis-conf:
	! cmp -s $(srcdir)/daemon/precis.conf \
	    "$(DESTDIR)$(precisconfdir)/precis.conf" || \
	    rm -f "$(DESTDIR)$(precisconfdir)/precis.conf"
install-data-local: install-precis-conf $(install_systemd)
uninstall-local: uninstall-precis-conf $(uninstall_systemd)
.PHONY: install-precis-conf uninstall-precis-conf install-systemd \
    uninstall-systemd

# ---- systemd ----

# precisd-tcp.conf is an example.
EXTRA_DIST += daemon/precisd.service.in daemon/precisd.socket \
    daemon/precisd-activated.conf daemon/precisd-tcp.conf \
    daemon/precisd.sysusers daemon/precisd.tmpfiles
if SYSTEMD
noinst_DATA = daemon/precisd.service
CLEANFILES += daemon/precisd.service
daemon/precisd.service: daemon/precisd.service.in Makefile
	$(AM_V_GEN)sed -e 's|@sbindir[@]|$(sbindir)|g' \
	    -e 's|@bindir[@]|$(bindir)|g' \
	    -e 's|@sysconfdir[@]|$(sysconfdir)|g' \
	    $(srcdir)/daemon/precisd.service.in >$@.new && mv $@.new $@
systemdfiles = \
    $(systemdsystemunitdir)/precisd.service \
    $(systemdsystemunitdir)/precisd.socket \
    $(systemdsystemunitdir)/precisd.service.d/activated.conf \
    $(sysusersdir)/precisd.conf \
    $(tmpfilesdir)/precisd.conf \
    $(docdir)/examples/precisd-tcp.conf
install-systemd: daemon/precisd.service
	@$(MKDIR_P) "$(DESTDIR)$(systemdsystemunitdir)/precisd.service.d" \
	    "$(DESTDIR)$(sysusersdir)" "$(DESTDIR)$(tmpfilesdir)" \
	    "$(DESTDIR)$(docdir)/examples"
	set -- daemon/precisd.service $(srcdir)/daemon/precisd.socket \
	    $(srcdir)/daemon/precisd-activated.conf \
	    $(srcdir)/daemon/precisd.sysusers \
	    $(srcdir)/daemon/precisd.tmpfiles $(srcdir)/daemon/precisd-tcp.conf; \
	for to in $(systemdfiles); do \
	    $(INSTALL_DATA) "$$1" "$(DESTDIR)$$to" || exit; shift; \
	done
uninstall-systemd:
	for to in $(systemdfiles); do rm -f "$(DESTDIR)$$to"; done
	-rmdir "$(DESTDIR)$(systemdsystemunitdir)/precisd.service.d" \
	    "$(DESTDIR)$(docdir)/examples" 2>/dev/null
install_systemd = install-systemd
uninstall_systemd = uninstall-systemd
endif
