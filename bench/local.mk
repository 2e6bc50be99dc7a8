# Speed and quality.  Built by "make bench", never installed.

EXTRA_PROGRAMS = bench/echo bench/load
bench_echo_LDADD = $(ZMQ_LIBS)
bench_load_LDADD = $(ZMQ_LIBS)
CLEANFILES += $(EXTRA_PROGRAMS)
EXTRA_DIST += bench/README bench/service.py bench/soak.py
EXTRA_DIST += bench/quality bench/quality.py bench/samples.py \
    bench/bootstrap.py bench/defects.py bench/ots.py bench/plot.py \
    bench/rouge.py bench/systems.py

# BENCH_FLAGS: options of bench/service.py, or an NDJSON file.
bench: $(sbin_PROGRAMS) $(EXTRA_PROGRAMS)
	$(PYTHON) $(srcdir)/bench/service.py --builddir $(abs_builddir) \
	    $(BENCH_FLAGS)

.PHONY: bench
