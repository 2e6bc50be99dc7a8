"""Open Text Summarizer (Debian package libots0), for comparison.

As a module: summaries(texts, limit, language).  As a program it reads one JSON
object {"text", "limit"} a line and writes {"summary", "sentences",
"dictionary_ns", "ns"}; the module runs it as a process of its own, for the
library may crash.  The times are the processor's: what its dictionary, which
it loads for each article, took, and all the rest.

A limit is n3 for three sentences or r20 for 20 %, as "ots -r 20" does it.
"""
import ctypes
import json
import subprocess
import sys
import time

LIBRARY = "libots-1.so.0"


class Missing(Exception):
    pass


# ---- the process ----

class Node(ctypes.Structure):       # a GList of glib
    pass


Node._fields_ = [("data", ctypes.c_void_p), ("next", ctypes.POINTER(Node)),
                 ("previous", ctypes.c_void_p)]


class Article(ctypes.Structure):    # how an OtsArticle begins
    _fields_ = [("lines", ctypes.POINTER(Node))]


def load():
    library = ctypes.CDLL(LIBRARY)
    article = ctypes.POINTER(Article)
    size = ctypes.POINTER(ctypes.c_size_t)
    for name, result, arguments in [
            ("new_article", article, []),
            ("free_article", None, [article]),
            ("load_xml_dictionary", ctypes.c_int, [article, ctypes.c_char_p]),
            ("parse_stream", None,
             [ctypes.c_char_p, ctypes.c_size_t, article]),
            ("grade_doc", None, [article]),
            ("highlight_doc", None, [article, ctypes.c_int]),
            ("highlight_doc_lines", None, [article, ctypes.c_int]),
            ("is_line_selected", ctypes.c_int, [ctypes.c_void_p]),
            ("get_doc_text", ctypes.c_void_p, [article, size]),
            ("get_line_text", ctypes.c_void_p,
             [ctypes.c_void_p, ctypes.c_int, size])]:
        function = getattr(library, "ots_" + name)
        function.restype, function.argtypes = result, arguments
    return library


def text_of(function, *arguments):
    # Not freed: it is glib's, and the process is short.
    size = ctypes.c_size_t()
    found = function(*arguments, ctypes.byref(size))
    return ctypes.string_at(found, size.value).decode("utf-8", "replace")


def summarize(library, text, limit, language):
    data = text.encode()
    begun = time.thread_time_ns()
    article = library.ots_new_article()
    if not library.ots_load_xml_dictionary(article, language.encode()):
        sys.exit("ots.py: no dictionary for " + language)
    loaded = time.thread_time_ns()
    library.ots_parse_stream(data, len(data), article)
    library.ots_grade_doc(article)
    choose = (library.ots_highlight_doc_lines if limit[0] == "n"
              else library.ots_highlight_doc)
    choose(article, int(limit[1:]))
    summary = text_of(library.ots_get_doc_text, article)
    ended = time.thread_time_ns()
    sentences = []
    node = article.contents.lines
    while node:
        if library.ots_is_line_selected(node.contents.data):
            sentences.append(text_of(library.ots_get_line_text,
                                     node.contents.data, 1))
        node = node.contents.next
    library.ots_free_article(article)
    return {"summary": summary.strip(),
            "sentences": [sentence.strip() for sentence in sentences],
            "dictionary_ns": loaded - begun, "ns": ended - loaded}


# ---- the module ----

def is_installed():
    try:
        load()
    except (OSError, AttributeError):
        return False
    return True


def summaries(texts, limit, language):
    """A list of {"summary", "sentences"} in the order of the texts."""
    lines = "".join(json.dumps({"text": text, "limit": limit}) + "\n"
                    for text in texts)
    done = subprocess.run([sys.executable, __file__, language],
                          input=lines.encode(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    if done.returncode:
        raise Missing("OTS ended with %d: %s" %
                      (done.returncode, done.stderr.decode()[-200:].strip()))
    return [json.loads(line) for line in done.stdout.splitlines()]


def main():
    library = load()
    for line in sys.stdin:
        wanted = json.loads(line)
        print(json.dumps(summarize(library, wanted["text"], wanted["limit"],
                                   sys.argv[1])))


if __name__ == "__main__":
    main()
