"""Tests of threads, processes, memory and open files."""
