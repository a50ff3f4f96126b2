"""AgentDojo's worst case through the gate: `make bench NAME=agentdojo`."""
