"""Energy per job: `rapl` reads the counters of the host's processors, `shares` divides them by CPU time."""
