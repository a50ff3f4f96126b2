"""The append-only, hash-chained ledger and what verifies, replays and exports it."""
