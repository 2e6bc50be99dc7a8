# libstemmers: everything that knows a language.  Private to the engine.

noinst_LTLIBRARIES += libstemmers.la
libstemmers_la_SOURCES = \
    stemmers/language.c stemmers/language.h \
    stemmers/ngrams.h \
    stemmers/stemmer.c stemmers/stemmer.h
nodist_libstemmers_la_SOURCES = stemmers/ngrams.c stemmers/tables.c
libstemmers_la_LIBADD = $(STEMMER_LIBS)

# The word lists, turned into constant tables at build time: whatever stands in
# a language's folder (GNU make's wildcard, so that a new list needs no line).
language_files = $(srcdir)/stemmers/languages \
    $(srcdir)/stemmers/ends $(wildcard $(srcdir)/stemmers/*/*)

tables_awk = stemmers/tables.awk stemmers/trained.awk
EXTRA_DIST += $(tables_awk) $(language_files)
CLEANFILES += stemmers/tables.c

stemmers/tables.c: $(tables_awk) $(language_files)
	@$(MKDIR_P) stemmers
	$(AM_V_GEN)LC_ALL=C $(AWK) -v dir=$(srcdir)/stemmers \
	    -f $(srcdir)/stemmers/tables.awk -f $(srcdir)/stemmers/trained.awk \
	    $(srcdir)/stemmers/languages > $@-t && mv -f $@-t $@

# The weights of language identification.
EXTRA_DIST += stemmers/ngrams.awk stemmers/identify
CLEANFILES += stemmers/ngrams.c

stemmers/ngrams.c: stemmers/ngrams.awk stemmers/languages stemmers/identify
	@$(MKDIR_P) stemmers
	$(AM_V_GEN)LC_ALL=C $(AWK) -f $(srcdir)/stemmers/ngrams.awk \
	    $(srcdir)/stemmers/languages \
	    $(srcdir)/stemmers/identify > $@-t && mv -f $@-t $@
