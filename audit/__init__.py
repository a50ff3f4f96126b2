"""The append-only, hash-chained ledger and what verifies it."""
