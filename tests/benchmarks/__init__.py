"""The benchmarks: what they read, judge and write, with made-up figures and no servers."""
