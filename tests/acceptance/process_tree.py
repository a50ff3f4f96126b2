"""A command that is hard to kill: a tree of processes that ignore SIGTERM, one of them in a session of its own."""

from __future__ import annotations

STUBBORN = """trap '' TERM HUP
sleep 1001 & echo $! >> {pids}
setsid sh -c "trap '' TERM HUP; sleep 1002 & echo \\$! >> {pids}; wait" & echo $! >> {pids}
echo $$ >> {pids}
wait"""
SIZE = 4


def stubborn_tree(pids: str) -> list[str]:
    """Its argv. It writes the ids of its processes, one a line, to the file `pids`, and would run for 1,000 s."""
    return ["sh", "-c", STUBBORN.format(pids=pids)]
