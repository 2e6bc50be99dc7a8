# Speed and quality.  Built by "make bench", never installed.
