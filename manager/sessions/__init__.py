"""Chat sessions: conversations whose state is a fold over their ledger chain, run by the agent loop, streamed to pages."""
