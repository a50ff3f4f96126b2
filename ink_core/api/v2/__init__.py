"""`/api/v2`: the wire form of INK, for clients that exist; `docs/reference/ink-v2.md` describes it."""
