"""Worker agents as the manager sees them: their life in the ledger, their connections, launching and calling them."""
