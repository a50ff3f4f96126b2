"""What the state of a node means, in the words of Slurm and of HTCondor: it works, it is in maintenance, or it is down.

A node that somebody has taken out is in maintenance, whatever it is doing there. Sources: Slurm's scontrol(1), "Node
State", and the reasons that slurmctld itself gives; HTCondor's manual, "machine and slot states".
"""

from __future__ import annotations

from enum import StrEnum

_DOWN = frozenset({"DOWN", "NOT_RESPONDING", "FAIL", "FAILING", "ERROR", "UNKNOWN", "MISSING"})
_TAKEN_OUT = frozenset(
    {"DRAIN", "DRAINED", "DRAINING", "MAINT", "MAINTENANCE", "REBOOT_ISSUED", "REBOOT_REQUESTED", "FUTURE", "OWNER"}
)
_SAVES_POWER = frozenset({"POWERED_DOWN", "POWERING_DOWN", "POWER_DOWN", "POWERING_UP"})
_BY_THE_SCHEDULER = (
    "not responding",
    "kill task failed",
    "prolog error",
    "epilog error",
    "low realmemory",
    "low cpus",
    "low socket",
    "low tmpdisk",
    "unexpectedly rebooted",
    "batch job complete failure",
    "failed to respond",
    "health check",
)


class NodeCondition(StrEnum):
    WORKS = "works"
    MAINTENANCE = "maintenance"
    DOWN = "down"


def condition_of(state: str, reason: str | None = None) -> NodeCondition:
    """`state` is one word or several, joined by `+`; `reason` is why, where the scheduler tells.

    A node that is down with a reason that no scheduler gives was taken out by a person, who wrote the reason.
    """
    words = {word.strip("*~#!%$@^-").upper() for word in state.split("+")}
    by_itself = reason is not None and any(one in reason.lower() for one in _BY_THE_SCHEDULER)
    if words & _TAKEN_OUT:
        return NodeCondition.DOWN if by_itself else NodeCondition.MAINTENANCE
    if words & _SAVES_POWER:
        return NodeCondition.WORKS
    if words & _DOWN:
        return NodeCondition.MAINTENANCE if reason and not by_itself else NodeCondition.DOWN
    return NodeCondition.WORKS
