"""The collector: finds jobs on this host, reads what the kernel counts of them, and writes batches to a store."""
