"""The shipped double of `Probe`: trees that begin, work and end when the script says so, on a clock that it moves."""

from __future__ import annotations

from joblens.collector.probes.probe import Evidence, FileUsage, Found, Reading, Usage
from joblens.errors import ProbeRefused
from joblens.records import Level, Traffic

_IDLE = Usage(*[0] * 21, ended=False)
_GAUGES = frozenset({"rss_bytes", "swap_bytes", "processes", "threads"})


class ScriptedProbe:
    """`Probe`. Before `open`, `begin` makes trees that will be adopted. `wait` moves the clock."""

    def __init__(
        self, now: float = 1_000_000.0, level: Level = Level.BPF, unseen: tuple[str, ...] = (), refuses: str = ""
    ) -> None:
        self.now = now
        self.lost_events = 0
        self._level = level
        self._unseen = unseen
        self._refuses = refuses
        self._opened = False
        self._handles = 0
        self._found: list[Found] = []
        self._usages: dict[int, Usage] = {}
        self._files: dict[tuple[int, str, Traffic], FileUsage] = {}
        self._told: dict[tuple[int, str, Traffic], FileUsage] = {}
        self._members: dict[int, list[int]] = {}

    def begin(
        self,
        root_pid: int,
        environ: dict[str, str] | None = None,
        *,
        uid: int = 1000,
        name: str = "job",
        cgroup: str = "",
        started: float | None = None,
        evidence: Evidence | None = None,
    ) -> int:
        """A starter begins a tree; its handle."""
        self._handles += 1
        handle, adopted = self._handles, not self._opened
        found = Found(
            handle, root_pid, uid, started or self.now, name, environ or {}, cgroup, adopted, evidence or Evidence()
        )
        self._found.append(found)
        self._usages[handle] = _IDLE._replace(handle=handle, processes=1, threads=1)
        self._members[handle] = [root_pid]
        return handle

    def work(self, handle: int, **figures: int) -> None:
        """Counters rise by so much, gauges are set."""
        usage = self._usages[handle]
        changed = {name: by if name in _GAUGES else getattr(usage, name) + by for name, by in figures.items()}
        usage = usage._replace(**changed)
        self._usages[handle] = usage._replace(rss_peak_bytes=max(usage.rss_peak_bytes, usage.rss_bytes))

    def touch(
        self,
        handle: int,
        path: str,
        *,
        read: int = 0,
        written: int = 0,
        traffic: Traffic = Traffic.FILE,
        mount: str = "/",
        fs_type: str = "ext4",
    ) -> None:
        """One read or write, or both, of so many bytes."""
        key = (handle, path, traffic)
        old = self._files.get(key) or FileUsage(handle, path, mount, fs_type, traffic, 0, 0, 0, 0)
        self._files[key] = old._replace(
            read_bytes=old.read_bytes + read,
            read_ops=old.read_ops + bool(read),
            write_bytes=old.write_bytes + written,
            write_ops=old.write_ops + bool(written),
        )

    def populate(self, handle: int, pids: list[int]) -> None:
        self._members[handle] = pids
        self.work(handle, processes=len(pids), threads=len(pids))

    def end(self, handle: int) -> None:
        self._members[handle] = []
        nothing = {"rss_bytes": 0, "swap_bytes": 0, "processes": 0, "threads": 0}
        self._usages[handle] = self._usages[handle]._replace(**nothing, ended=True, ended_at=self.now)

    @property
    def level(self) -> Level:
        return self._level

    @property
    def unseen(self) -> tuple[str, ...]:
        return self._unseen

    def open(self) -> None:
        if self._refuses:
            raise ProbeRefused(self._refuses)
        self._opened = True

    def wait(self, timeout_s: float) -> None:
        self.now += timeout_s

    def read(self, *, files: bool = True) -> Reading:
        found, self._found = self._found, []
        told = [file for key, file in self._files.items() if self._told.get(key) != file]
        usages = list(self._usages.values())
        self._told = dict(self._files)
        for usage in usages:
            if usage.ended:
                del self._usages[usage.handle], self._members[usage.handle]
                self._files = {key: file for key, file in self._files.items() if key[0] != usage.handle}
        return Reading(self.now, found, usages, told, self.lost_events)

    def members(self) -> dict[int, list[int]]:
        return {handle: sorted(pids) for handle, pids in self._members.items()}

    def close(self) -> None:
        self._usages.clear()
        self._members.clear()
        self._files.clear()
