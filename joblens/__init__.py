"""Per-job observability by eBPF: collector, store, rules and query interface."""
