"""The interpreter that has the package `agentdojo`, beside ours.

`python -m bench.agentdojo.environment` installs it.
"""

from __future__ import annotations

from bench.locked_environment import LockedEnvironment

AGENTDOJO = LockedEnvironment("agentdojo")

if __name__ == "__main__":
    AGENTDOJO.install()
