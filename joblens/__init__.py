"""Per-job observability by eBPF. Empty so far: collector, store, rules and query interface are planned."""
