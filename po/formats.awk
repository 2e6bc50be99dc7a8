# A catalogue to C tables: the messages whose comment says that they come from
# a library, and those that it says are names.  See po/local.mk.
function print_table(name, rows, count,    i) {
    print "const char *const " name "s[] = {"
    for (i = 1; i <= count; i++)
        printf "%s    ,\n", rows[i]
    print "};"
    print "const size_t " name "_count = " count ";"
}
BEGIN { formats = names = 0 }
/^#\. of a library/ { kind = "format" }
/^#\. a name/ { kind = "name" }
/^$/ { kind = "" }
/^msgid/ && sub(/^msgid /, "") { text = ""; is_reading = 1 }
/^msgstr/ || /^msgid_plural/ {
    if (is_reading && kind == "format")
        format[++formats] = text
    if (is_reading && kind == "name")
        name[++names] = text
    is_reading = 0
}
is_reading { text = text "    " $0 "\n" }
END {
    print "#include \"po/formats.h\""
    print_table("library_format", format, formats)
    print_table("library_name", name, names)
}
