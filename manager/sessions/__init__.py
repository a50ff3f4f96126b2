"""Chat sessions: conversations folded from their ledger chain, run by the agent loop, streamed to pages."""
