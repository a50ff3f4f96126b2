"""The thin agent that acts as one user on one node: files, processes and terminals over JSON-RPC."""

__version__ = "0.1.0"
