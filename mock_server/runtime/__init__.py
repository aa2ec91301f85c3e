"""Threads, processes, memory, files and garbage collection, without domain logic.

This module imports nothing, because the worker processes import single modules of the package.
"""
