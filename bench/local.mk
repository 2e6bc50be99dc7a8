# Speed and quality.  Built by "make bench", never installed.

EXTRA_PROGRAMS = bench/echo bench/load bench/joints bench/segment \
    bench/speed-split
bench_echo_LDADD = $(ZMQ_LIBS)
bench_load_LDADD = $(ZMQ_LIBS)
bench_segment_LDADD = libprecis.la $(JANSSON_LIBS)
# Its own joint_begins() stands before the engine's: joint.o is not linked.
bench_joints_LDADD = libengine.la libstemmers.la $(JANSSON_LIBS)
CLEANFILES += $(EXTRA_PROGRAMS)
bench_speed_split_LDADD = libengine.la libstemmers.la $(JANSSON_LIBS)
bench_speed_split_SOURCES = bench/speed_split.c
EXTRA_DIST += bench/README bench/joints.py bench/quality.py bench/service.py bench/soak.py

# BENCH_FLAGS: options of bench/service.py, or an NDJSON file.
bench: $(sbin_PROGRAMS) $(EXTRA_PROGRAMS)
	$(PYTHON) $(srcdir)/bench/service.py --builddir $(abs_builddir) \
	    $(BENCH_FLAGS)

.PHONY: bench
