"""Benchmarks beside other tools, run by `make bench`; no gate."""
