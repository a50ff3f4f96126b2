"""Foreign MCP servers behind our gate: connected, contained, and used as far as somebody accepted their definitions."""
