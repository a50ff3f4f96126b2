"""Benchmarks with their peers; each is one command, python -m bench.NAME."""
