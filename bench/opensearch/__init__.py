"""A throw-away OpenSearch server for tests and benchmarks: the real one, from its published jars, on the loopback."""
