"""Detectors see what is wrong at a site, and raise no alarm on what is ordinary life there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from knowledge_graph.incidents.detectors import signs_in
from knowledge_graph.incidents.detectors.reasons import alike
from knowledge_graph.incidents.node_states import NodeCondition, condition_of
from knowledge_graph.incidents.own_matters import own_matters
from knowledge_graph.incidents.scene import Scene, SeenFileSystem, SeenJob, SeenNode, SeenPart
from knowledge_graph.incidents.signs import IncidentKind, Sign

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=20)
POOL = SeenPart("cluster:pool", "pool", None, ())
FULL = "Error from slot1@wn7: cannot write /scratch/u1/out.root: No space left on device"


def node(name: str, state: str = "IDLE", reason: str | None = None, *, used: int = 8, absent: bool = False) -> SeenNode:
    condition = condition_of("MISSING" if absent else state, None if absent else reason)
    evidence = (f"node:{name}.state@nodes@pool",)
    return SeenNode(f"node:{name}", "pool", condition, state, reason, 8, used, 16_000, absent, evidence)


def job(number: int, owner: str, state: str = "RUNNING", **more: object) -> SeenJob:
    values: dict[str, object] = {
        "id": f"job:pool/{number}.0",
        "cluster": "pool",
        "owner": owner,
        "state": state,
        "reason": None,
        "reason_code": None,
        "node": None,
        "submitted_at": NOW - timedelta(hours=2),
        "started_at": NOW - timedelta(hours=1),
        "ended_at": None,
        "cpus": 1,
        "verdict": None,
        "uses": frozenset[str](),
        "evidence": (f"job:pool/{number}.0.state@queue@pool",),
    }
    return SeenJob(**{**values, **more})  # type: ignore[arg-type]


def jobs(count: int, owners: Sequence[str], make: Callable[[int, str], SeenJob], first: int = 0) -> list[SeenJob]:
    return [make(first + number, owners[number % len(owners)]) for number in range(count)]


def held(reason: str, code: str, since: datetime = NOW) -> Callable[[int, str], SeenJob]:
    return lambda number, owner: job(
        number, owner, "HOLDING", reason=reason, reason_code=code, node=f"node:wn{number % 4}", started_at=since,
        submitted_at=since,
    )  # fmt: skip


def failed_at_once(on: str) -> Callable[[int, str], SeenJob]:
    began = NOW - timedelta(minutes=10)
    return lambda number, owner: job(
        number, owner, "FAILED", node=f"node:{on}", started_at=began, ended_at=began + timedelta(seconds=5)
    )


def done(on: str) -> Callable[[int, str], SeenJob]:
    return lambda number, owner: job(number, owner, "COMPLETED", node=f"node:{on}", ended_at=NOW)


def seen(
    nodes: Iterable[SeenNode] = (), jobs: Iterable[SeenJob] = (), storages: Iterable[SeenFileSystem] = (),
    clusters: Sequence[SeenPart] = (POOL,), schedds: Sequence[SeenPart] = (),
) -> Sequence[Sign]:  # fmt: skip
    return signs_in(Scene(NOW, [*nodes], schedds, clusters, [*storages], [*jobs]))


def kinds(signs: Sequence[Sign]) -> list[tuple[IncidentKind, str]]:
    return [(sign.kind, sign.subject) for sign in signs]


@pytest.mark.parametrize(
    ("state", "reason", "condition"),
    [
        ("IDLE", None, NodeCondition.WORKS),
        ("ALLOCATED+DRAIN", "disk swap [root@2026-01-01T08:00:00]", NodeCondition.MAINTENANCE),
        ("IDLE+DRAIN", "Kill task failed [root@2026-01-01T08:00:00]", NodeCondition.DOWN),
        ("DOWN+NOT_RESPONDING", "Not responding [slurm@2026-01-01T08:00:00]", NodeCondition.DOWN),
        ("DOWN", "moved to the other hall", NodeCondition.MAINTENANCE),
        ("DOWN", None, NodeCondition.DOWN),
        ("IDLE+POWERED_DOWN", None, NodeCondition.WORKS),
        ("IDLE+MAINTENANCE+RESERVED", None, NodeCondition.MAINTENANCE),
        ("Drained", None, NodeCondition.MAINTENANCE),
        ("Owner", None, NodeCondition.MAINTENANCE),
        ("Claimed", None, NodeCondition.WORKS),
        ("MISSING", None, NodeCondition.DOWN),
    ],
)
def test_a_node_that_somebody_took_out_is_in_maintenance_and_not_down(
    state: str, reason: str | None, condition: NodeCondition
) -> None:
    assert condition_of(state, reason) is condition


def test_a_node_that_went_down_is_told_with_its_reason_and_the_jobs_that_were_there() -> None:
    lost = node("wn1", "DOWN+NOT_RESPONDING", "Not responding")
    there = [job(1, "alice", node="node:wn1"), job(2, "bob", node="node:wn1"), job(3, "carol", node="node:wn2")]
    (sign,) = seen([lost, node("wn2"), node("wn3", "IDLE+DRAIN", "disk swap")], there)
    assert (sign.kind, sign.subject, sign.evidence) == (IncidentKind.NODE_DOWN, "node:wn1", lost.evidence)
    assert sign.text == "Node wn1 of pool is DOWN+NOT_RESPONDING: Not responding. 2 jobs were running there."
    assert sign.owners == {"alice", "bob"}
    assert [one.job for one in sign.jobs] == ["job:pool/1.0", "job:pool/2.0"]
    assert not any(owner in sign.text + sign.title for owner in ("alice", "bob"))


def test_a_node_that_reports_no_more_is_down_and_many_at_once_are_one_sign() -> None:
    assert kinds(seen([node("wn1", absent=True), node("wn2")])) == [(IncidentKind.NODE_DOWN, "node:wn1")]
    many = [node(f"wn{number}", absent=True) for number in range(9)]
    (sign,) = seen([*many, *(node(f"up{number}") for number in range(20))])
    assert (sign.subject, sign.severe) == ("cluster:pool", True)
    assert {one.id for one in many} < sign.scope
    assert "9 of 29 nodes" in sign.text and "and 1 more" in sign.text


def test_of_a_cluster_that_does_not_answer_that_alone_is_told() -> None:
    away = SeenPart("cluster:pool", "pool", "the collector does not answer.", ("cluster:pool.health@mirror@pool",))
    (sign,) = seen([node("wn1", absent=True)], [job(1, "alice")], clusters=[away])
    assert (sign.kind, sign.subject, sign.severe, sign.owners) == (
        IncidentKind.SCHEDD_AWAY, "cluster:pool", True, {"alice"},
    )  # fmt: skip
    assert sign.evidence == away.evidence


def test_a_schedd_that_reports_no_more_affects_its_own_jobs() -> None:
    second = SeenPart("schedd:s2", "pool", "it no longer reports.", ("schedd:s2.health@nodes@pool",))
    there = job(1, "alice", id="job:pool/1.0@s2")
    (sign,) = seen([], [there, job(2, "bob")], schedds=[second])
    assert (sign.subject, sign.owners, sign.severe) == ("schedd:s2", {"alice"}, False)


def test_jobs_of_several_users_held_with_one_reason_are_told_with_the_file_system_that_it_names() -> None:
    scratch = SeenFileSystem("filesystem:/scratch", "nfs4", 0.5, None, NOW, ())
    reasons = [f"Error from slot1@wn{n}: cannot write /scratch/u{n}/o: No space left on device" for n in range(12)]
    many = [held(reasons[n], "12")(n, f"user{n % 4}") for n in range(12)]
    (sign,) = seen([], many, [scratch])
    assert (sign.kind, sign.subject) == (IncidentKind.JOBS_HELD, "filesystem:/scratch")
    assert "12 jobs of 4 users on 4 nodes" in sign.text
    assert "/u" not in sign.text, "a path below the file system may name a user"
    full = SeenFileSystem("filesystem:/scratch", "nfs4", 0.997, None, NOW, ("filesystem:/scratch.used@statvfs",))
    signs = seen([], many, [full])
    assert {one.kind for one in signs} == {IncidentKind.FILE_SYSTEM_FULL, IncidentKind.JOBS_HELD}
    cause = next(one for one in signs if one.kind is IncidentKind.FILE_SYSTEM_FULL)
    assert [cause.explains(one) for one in signs if one is not cause] == [True]
    image = SeenFileSystem("filesystem:/cvmfs/sft.cern.ch", "fuse.cvmfs2", 1.0, None, NOW, ())
    assert seen([], [], [image]) == [], "a cache fills what it may"


@pytest.mark.parametrize(
    ("what", "held_jobs"),
    [
        ("one user's bad script, 500 times", jobs(500, ["alice"], held(FULL, "12"))),
        ("one user's bad script, and two jobs of others", jobs(500, ["alice"], held(FULL, "12"))
         + jobs(2, ["bob", "carol"], held(FULL, "12"), 500)),
        ("held by their owners", jobs(50, ["a", "b", "c", "d"], held("via condor_hold (by user)", "1"))),
        ("they used more than they asked for", jobs(50, ["a", "b", "c", "d"], held("memory usage exceeded", "34"))),
        ("mistyped paths of some", jobs(20, ["a", "b", "c"], held("/home/x/y.sh: No such file or directory", "6"))),
        ("held for weeks", jobs(50, ["a", "b", "c", "d"], held(FULL, "12", LONG_AGO))),
        ("held by Slurm's users", jobs(50, ["a", "b", "c", "d"], held("job held by user", "JobHeldUser"))),
    ],
)  # fmt: skip
def test_held_jobs_that_are_their_owners_matter_are_no_incident_of_the_site(
    what: str, held_jobs: list[SeenJob]
) -> None:
    assert seen([], held_jobs) == [], what


def test_what_is_one_users_own_matter_is_told_to_that_user() -> None:
    scene = Scene(NOW, jobs=[*jobs(500, ["alice"], held(FULL, "12")), *jobs(3, ["bob"], held(FULL, "12"), 500)])
    (matter,) = own_matters(scene, "alice")
    assert (matter.jobs, matter.text) == (500, f"500 of your jobs on pool are held with one reason: {FULL}")
    assert own_matters(scene, "bob") == []
    failing = Scene(NOW, jobs=jobs(30, ["carol"], failed_at_once("wn1")))
    assert [one.text.split(" failed")[0] for one in own_matters(failing, "carol")] == ["30 of your jobs on pool"]


def test_reasons_are_alike_that_differ_in_hosts_numbers_and_below_the_first_folder() -> None:
    assert alike("Error from slot1_3@wn17.site.org: open /data/a/1: errno 28") == alike(
        "Error from slot2@wn9.site.org: open /data/b/c/22: errno 28"
    )
    assert alike("open /data/a: errno 28") != alike("open /cvmfs/a: errno 28")


def test_a_node_that_swallows_jobs_is_told_where_the_same_users_jobs_do_well_elsewhere() -> None:
    here = jobs(8, ["alice", "bob"], failed_at_once("wn1"))
    elsewhere = jobs(10, ["alice", "bob"], done("wn2"), 100)
    (sign,) = seen([node("wn1"), node("wn2")], [*here, *elsewhere])
    assert (sign.kind, sign.subject, sign.owners) == (IncidentKind.BLACK_HOLE, "node:wn1", {"alice", "bob"})
    assert sign.evidence


def test_a_bad_script_that_fails_everywhere_is_its_owners_matter() -> None:
    nodes = [node("wn1"), node("wn2")]
    everywhere = [*jobs(40, ["alice"], failed_at_once("wn1")), *jobs(40, ["alice"], failed_at_once("wn2"), 100)]
    assert seen(nodes, everywhere) == []
    of_two = [*jobs(9, ["a", "b"], failed_at_once("wn1")), *jobs(9, ["a", "b"], failed_at_once("wn2"), 100)]
    assert seen(nodes, of_two) == []
    assert seen(nodes, jobs(9, ["a", "b"], failed_at_once("wn1"))) == [], "there is nothing to compare with"


def waits_on(storage: str, verdict: str) -> Callable[[int, str], SeenJob]:
    return lambda number, owner: job(
        number, owner, verdict=verdict, uses=frozenset({storage}), node=f"node:wn{number % 3}"
    )


def test_jobs_of_several_users_that_wait_for_one_file_system_point_at_it() -> None:
    slow = jobs(9, ["a", "b", "c"], waits_on("filesystem:/data", "io_bound"))
    well = jobs(20, ["a", "b", "d"], waits_on("filesystem:/scratch", "healthy"), 100)
    (sign,) = seen([], [*slow, *well])
    assert (sign.kind, sign.subject, sign.owners) == (
        IncidentKind.SLOW_FILE_SYSTEM, "filesystem:/data", {"a", "b", "c"},
    )  # fmt: skip
    assert seen([], jobs(9, ["a"], waits_on("filesystem:/data", "io_bound"))) == [], "one user's way to read"
    everywhere = jobs(20, ["a", "b", "d"], waits_on("filesystem:/scratch", "io_bound"), 100)
    assert seen([], [*slow, *everywhere]) == [], "all jobs of this time wait for storage"


def waiting(code: str = "", cpus: int = 1) -> Callable[[int, str], SeenJob]:
    return lambda number, owner: job(number, owner, "QUEUEING", started_at=None, reason_code=code or None, cpus=cpus)


def test_a_queue_where_nothing_starts_though_there_is_room_is_stuck() -> None:
    free = [node("wn1", used=2), node("wn2", used=2)]
    queue = jobs(30, ["a", "b", "c"], waiting())
    assert kinds(seen(free, queue)) == [(IncidentKind.QUEUE_STUCK, "cluster:pool")]
    begun = job(99, "d", started_at=NOW - timedelta(minutes=5))
    assert seen(free, [*queue, begun]) == [], "something starts"
    assert seen([node("wn1"), node("wn2")], queue) == [], "the nodes are full"
    assert seen([node("wn1", "IDLE+DRAIN", "works on it", used=0)], queue) == [], "the nodes are taken out"
    assert seen(free, jobs(30, ["a"], waiting())) == [], "one user's jobs"
    assert seen(free, jobs(30, ["a", "b", "c"], waiting("Dependency"))) == [], "they wait on purpose"
    assert seen(free, jobs(30, ["a", "b", "c"], waiting(cpus=64))) == [], "no node has as many CPUs"


def test_a_site_where_all_is_well_shows_no_sign() -> None:
    nodes = [node(f"wn{number}", used=6) for number in range(10)]
    people = [f"user{number}" for number in range(7)]
    begun = job(999, "user1", started_at=NOW - timedelta(minutes=3))
    life = [begun, *jobs(300, people, job), *jobs(50, people, done("wn1"), 300), *jobs(40, people, waiting(), 400)]
    assert seen(nodes, life) == []
