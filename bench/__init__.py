"""Benchmarks: ratios within one run, never times on their own."""
