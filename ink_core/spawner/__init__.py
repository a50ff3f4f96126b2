"""Starts access-point agents as their users: a tiny root process (standard library only) and its client.

Limits: this module imports nothing, so that `python -I -m ink_core.spawner` runs as little code as root as can be.
"""
