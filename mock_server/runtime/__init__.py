"""Threads, processes, memory, files and the collector: small modules that know no domain.

Nothing is imported here: the processes that read member files import single modules.
"""
