# libstemmers: everything that knows a language.  Private to the engine.

noinst_LTLIBRARIES += libstemmers.la
libstemmers_la_SOURCES = \
    stemmers/language.c stemmers/language.h \
    stemmers/stemmer.c stemmers/stemmer.h
nodist_libstemmers_la_SOURCES = stemmers/tables.c
libstemmers_la_LIBADD = $(STEMMER_LIBS)

# The word lists, turned into constant tables at build time.
language_files = \
    stemmers/languages \
    stemmers/en/abbreviations \
    stemmers/en/abbreviations-number \
    stemmers/en/articles \
    stemmers/en/bylines \
    stemmers/en/junk \
    stemmers/en/times \
    stemmers/en/starters \
    stemmers/en/stopwords \
    stemmers/en/titles \
    stemmers/en/verbs \
    stemmers/fr/abbreviations \
    stemmers/fr/abbreviations-number \
    stemmers/fr/adverbials \
    stemmers/fr/articles \
    stemmers/fr/asides \
    stemmers/fr/bylines \
    stemmers/fr/calendar \
    stemmers/fr/clefts \
    stemmers/fr/connectives \
    stemmers/fr/credits \
    stemmers/fr/determiners \
    stemmers/fr/film-credits \
    stemmers/fr/insertions \
    stemmers/fr/institutions \
    stemmers/fr/joints \
    stemmers/fr/junk \
    stemmers/fr/keepers \
    stemmers/fr/namers \
    stemmers/fr/openings \
    stemmers/fr/pairs \
    stemmers/fr/particles \
    stemmers/fr/pronouns \
    stemmers/fr/sayings \
    stemmers/fr/starters \
    stemmers/fr/stopwords \
    stemmers/fr/times \
    stemmers/fr/titles \
    stemmers/fr/trailers \
    stemmers/fr/verbs \
    stemmers/fr/words

EXTRA_DIST += stemmers/tables.awk $(language_files)
CLEANFILES += stemmers/tables.c

stemmers/tables.c: stemmers/tables.awk $(language_files)
	@$(MKDIR_P) stemmers
	$(AM_V_GEN)LC_ALL=C $(AWK) -v dir=$(srcdir)/stemmers \
	    -f $(srcdir)/stemmers/tables.awk \
	    $(srcdir)/stemmers/languages > $@-t && mv -f $@-t $@
