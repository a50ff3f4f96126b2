"""Typed tools, one file per domain, and the MCP server and client that offer them."""
