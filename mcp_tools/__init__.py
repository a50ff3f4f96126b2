"""Typed tools, one file per domain, and the MCP server that offers them."""
