"""What a capture samples beside counters: which jobs are due (`schedule`), their processes and connections."""
