# A catalogue to a C table of the messages whose comment says that they come
# from a library: see po/local.mk.
BEGIN {
    print "#include \"po/formats.h\""
    print "const char *const library_formats[] = {"
}
/^#\. of a library/ { is_wanted = 1 }
/^$/ { is_wanted = is_reading = 0 }
/^msgstr/ && is_reading { is_reading = is_wanted = 0; print "   ," }
is_wanted && sub(/^msgid /, "") { is_reading = 1; count++ }
is_reading { print "    " $0 }
END {
    print "};"
    print "const size_t library_format_count = " count + 0 ";"
}
