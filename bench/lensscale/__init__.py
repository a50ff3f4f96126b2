"""One manager that takes the batches of 1,200 nodes and is asked meanwhile, beside plain rows in SQLite."""
