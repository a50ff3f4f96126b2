"""Chooses how the kernel is observed: the best level that this host allows, and why the better ones are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from joblens.collector.probes.probe import Probe
from joblens.errors import ProbeRefused
from joblens.records import Level

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Opened:
    probe: Probe
    refusals: tuple[str, ...]
    """What the levels that would have told more lack here."""


def open_probe(level: str, starters: frozenset[str], files: str, *, any_user_starts: bool = False) -> Opened:
    """The probe of that level, or for "auto" of the first that opens. Raises `ProbeRefused`."""
    makers = _makers(starters, files, any_user_starts)
    refusals: list[str] = []
    for name in makers if level == AUTO else (Level(level),):
        try:
            probe = makers[name]()
            probe.open()
        except ProbeRefused as why:
            refusals.append(f"{name}: {why}")
        else:
            return Opened(probe, tuple(refusals))
    raise ProbeRefused("This host cannot be observed. " + " ".join(refusals))


def _makers(starters: frozenset[str], files: str, any_user_starts: bool) -> dict[Level, Callable[[], Probe]]:
    """Best first. A level is imported when it is tried: the process shall stay small."""

    def bpf() -> Probe:
        from joblens.bpf.probe import BpfProbe, Files

        return BpfProbe(starters, files=Files(files), any_user_starts=any_user_starts)

    def proc() -> Probe:
        from joblens.collector.probes.proc_probe import ProcProbe

        return ProcProbe(starters)

    return {Level.BPF: bpf, Level.PROC: proc}
