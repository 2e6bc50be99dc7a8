# The catalogues, and what programs need of them.  A catalogue is po/CODE.po
# and no more: nothing lists them.
#
#   make update-po    takes new and changed messages into every catalogue

po_files = $(wildcard $(srcdir)/po/*.po)
if NLS
po_catalogs = $(patsubst $(srcdir)/po/%.po,po/locale/%/LC_MESSAGES/precis.mo,\
    $(po_files))
endif

EXTRA_DIST += $(po_files) po/POTFILES.in po/formats.awk po/make-pot
CLEANFILES += po/formats.c

# In the build's own folder they lie as they are installed, so that
# PRECIS_LOCALEDIR=po/locale finds them.
po/locale/%/LC_MESSAGES/precis.mo: $(srcdir)/po/%.po
	@$(MKDIR_P) $(@D)
	$(AM_V_GEN)$(MSGFMT) --check -o $@-t $< && mv -f $@-t $@

all-local: $(po_catalogs)

install-catalogs: $(po_catalogs)
	for file in $(po_catalogs); do \
	    to="$(DESTDIR)$(localedir)/$${file#po/locale/}"; \
	    $(MKDIR_P) "$${to%/*}" && $(INSTALL_DATA) "$$file" "$$to" || exit; \
	done
uninstall-catalogs:
	for file in $(po_catalogs); do \
	    rm -f "$(DESTDIR)$(localedir)/$${file#po/locale/}"; \
	done
install-data-local: install-catalogs
uninstall-local: uninstall-catalogs

clean-local:
	rm -rf po/locale

# Every catalogue has every message; French, the first, is taken.
po/formats.c: po/formats.awk $(srcdir)/po/fr.po
	@$(MKDIR_P) po
	$(AM_V_GEN)LC_ALL=C $(AWK) -f $(srcdir)/po/formats.awk \
	    $(srcdir)/po/fr.po > $@-t && mv -f $@-t $@

update-po:
	cd $(srcdir) && po/make-pot > po/precis.pot-t
	cd $(srcdir) && for file in po/*.po; do \
	    $(MSGMERGE) --quiet --update --backup=none --previous \
	        --add-location=file "$$file" po/precis.pot-t || exit; \
	done
	rm -f $(srcdir)/po/precis.pot-t

.PHONY: install-catalogs uninstall-catalogs update-po
