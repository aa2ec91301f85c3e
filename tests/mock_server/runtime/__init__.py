"""Threads, processes, memory and files."""
