"""The official MCP conformance suite against this server: its profile of fixtures, and the figures of a run."""
