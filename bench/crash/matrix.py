"""Plays every flow at every boundary and compares each end with that of the undisturbed run."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from bench.crash.flows import ADMIN, ALICE, SECOND, Flow
from bench.crash.outcome import digest
from bench.crash.play import Life
from bench.crash.world import Cluster, a_world, forked
from ink_core.db import Database
from ink_core.identity.model import User
from ink_core.identity.sql import SqlIdentityStore

LIFE_S = 240.0
NewLedger = Callable[[Path], str]
"""URL of a new, empty ledger, for a world in this directory."""

Choose = Callable[[Sequence[str]], Iterable[int]]
"""Which of the boundaries of an undisturbed run, by their names, are played; the first is number 1."""


def every(stride: int) -> Choose:
    return lambda names: range(1, len(names) + 1, stride)


def first_of_each() -> Choose:
    """A boundary of a kind that no flow before had; where agents die, only what was sent to them."""
    seen: set[str] = {""}

    def choose(names: Sequence[str]) -> list[int]:
        names = ["" if name.endswith("agents die") and not name.startswith("sent") else name for name in names]
        new = [at for at, name in enumerate(names, 1) if name not in seen and name not in names[: at - 1]]
        seen.update(names)
        return new

    return choose


@dataclass(frozen=True)
class Point:
    """One crash and what was left after the next life. `boundary` is None for the undisturbed run."""

    flow: str
    boundary: str | None
    lost: int = 0
    repeated: int = 0
    revived: int = 0
    outcome: Any = None
    problems: Sequence[str] = ()

    def faults(self, undisturbed: Any) -> list[str]:
        found = [f"{self.lost} acknowledged events lost"] if self.lost else []
        found += [f"{self.repeated} effects repeated"] if self.repeated else []
        found += [f"{self.revived} approvals revived"] if self.revived else []
        found += self.problems
        if digest(self.outcome) != digest(undisturbed):
            found.append("another end: " + "; ".join(differences(undisturbed, self.outcome)))
        return found


def play(
    flow: Flow, new_ledger: NewLedger, cluster: Cluster, at: int, agents_die_after_s: float | None = None
) -> tuple[Point, list[str]]:
    """The flow with a crash at boundary `at` (0: none), and the boundaries that its first life came to."""
    with tempfile.TemporaryDirectory(prefix="ink-crash-", ignore_cleanup_errors=True) as made:
        directory = Path(made)
        with a_world(directory, new_ledger(directory), flow.expire_s, flow.hands, _accounts(), cluster) as world:
            first = Life(flow, world, at, first=True)
            lived(first)
            notes = list(_notes(first.trace))
            killed = next((str(note["killed"]) for note in notes if "killed" in note), None)
            names = [str(note["boundary"]) for note in notes if "boundary" in note]
            try:
                if killed:
                    if agents_die_after_s is not None:
                        time.sleep(agents_die_after_s)
                        world.lose_agents()
                    lived(Life(flow, world, 0, first=False))
            except LifeFailed as error:
                return Point(flow.name, killed, problems=[str(error)]), names
            return _point(flow, killed, first), names


@cache
def _accounts() -> Path:
    """A database of accounts with the flows' people."""
    folder = Path(tempfile.mkdtemp(prefix="ink-crash-accounts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = Database(f"sqlite:///{folder}/ink.db")
    database.migrate()
    store = SqlIdentityStore(database)
    for person in (ALICE, ADMIN, SECOND):
        user = User(username=person.username, is_admin=person.is_admin, disabled=False, created_at=datetime.now(UTC))
        store.add_user(user, None)
    store.close()
    return folder / "ink.db"


class LifeFailed(Exception):
    """The manager's process ended neither by its own hand nor with a result."""


def lived(life: Life) -> None:
    """Plays it in a child to its end. Raises `LifeFailed`."""
    child = forked(life.live, life.errors)
    deadline = time.monotonic() + LIFE_S
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            break
        if time.monotonic() > deadline:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise LifeFailed(f"after boundary {life.at} of {life.flow.name} a life did not end within {LIFE_S:.0f} s")
        time.sleep(0.002)
    if not (life.at and os.WIFSIGNALED(status)) and not life.result.exists():
        why = life.errors.read_text().strip()[-1000:]
        raise LifeFailed(f"{life.flow.name} did not come to its end ({status}): {why}")


def _point(flow: Flow, killed: str | None, life: Life) -> Point:
    facts = json.loads(life.result.read_text())
    before_the_end = takewhile(lambda note: "concluded" not in note, _notes(life.trace))
    acknowledged = {tuple(note["acknowledged"]) for note in before_the_end if "acknowledged" in note}
    kept = {tuple(event) for event in facts["events"]}
    effects = len(facts["outcome"]["effects"]) - flow.effects
    jobs = len(facts["outcome"]["jobs"]) - flow.jobs
    return Point(
        flow=flow.name,
        boundary=killed,
        lost=len(acknowledged - kept),
        repeated=max(0, effects) + max(0, jobs) + facts["repeated"],
        revived=facts["revived"],
        outcome=facts["outcome"],
        problems=facts["problems"],
    )


def _notes(trace: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in trace.read_text().splitlines())


def differences(expected: Any, found: Any, at: str = "") -> Iterator[str]:
    if type(expected) is not type(found) or not isinstance(expected, (dict, list)):
        if expected != found:
            yield f"{at}: {json.dumps(expected)[:200]} became {json.dumps(found)[:200]}"
    elif isinstance(expected, dict):
        for key in expected.keys() | found.keys():
            yield from differences(expected.get(key), found.get(key), f"{at}.{key}")
    elif len(expected) != len(found):
        yield f"{at}: {json.dumps(expected)[:300]} became {json.dumps(found)[:300]}"
    else:
        for index, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from differences(one, other, f"{at}[{index}]")


@dataclass
class Figures:
    """Of one database. `hash_equal`: points whose end is that of the undisturbed run."""

    points: int = 0
    lost: int = 0
    repeated: int = 0
    revived: int = 0
    hash_equal: int = 0
    faults: list[str] = field(default_factory=list[str])


def run(
    flows: Sequence[Flow], new_ledger: NewLedger, cluster: Cluster, choose: Choose, say: Callable[[str], object]
) -> Figures:
    """Every flow at every boundary that is chosen."""
    figures = Figures()
    for flow in flows:
        began = time.monotonic()
        undisturbed, names = play(flow, new_ledger, cluster, 0)
        assert undisturbed.faults(undisturbed.outcome) == [], undisturbed
        done = undisturbed.outcome
        assert (len(done["effects"]), len(done["jobs"])) == (flow.effects, flow.jobs), undisturbed
        for at in choose([f"{name}, agents die" for name in names] if flow.agents_die_after_s else names):
            for death in flow.deaths(names[at - 1]) or (None,):
                point, _ = play(flow, new_ledger, cluster, at, death)
                for fault in _count(figures, point, undisturbed.outcome, at):
                    say(f"FAULT  {fault}")
        say(f"{flow.name}: {len(names)} boundaries, {time.monotonic() - began:.1f} s")
    return figures


def _count(figures: Figures, point: Point, undisturbed: Any, at: int) -> list[str]:
    if point.boundary is None:
        return []  # the run had fewer boundaries this time, for instance because two came together
    figures.points += 1
    figures.lost += point.lost
    figures.repeated += point.repeated
    figures.revived += point.revived
    figures.hash_equal += digest(point.outcome) == digest(undisturbed)
    faults = [f"{point.flow}, killed at {at} ({point.boundary}): {fault}" for fault in point.faults(undisturbed)]
    figures.faults += faults
    return faults
