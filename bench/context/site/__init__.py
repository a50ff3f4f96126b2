"""Synthetic sites: the same seed and size give the same facts, and what is true of them is known."""
