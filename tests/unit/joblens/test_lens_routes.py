"""The native routes of JobLens: lists and counts, one job, captures through the gate, and what collectors send."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ink_core.compute.model import Job, JobState
from ink_core.identity.principal import Scope
from joblens.captures.capture import Capture, Detail
from joblens.records import ConnectionSample, JobKey, ProcessSample, StackSample
from joblens.store.wire import encode, join
from mcp_tools.doubles import MemoryQueues
from tests.unit.joblens.lens_site import BEGIN, CLUSTER, HOST, batch, info, key_of, lens_site, measured, sample

JOBS = "/api/v1/joblens/jobs"
ONE = f"{JOBS}/{CLUSTER}/172.0"


@pytest.mark.requirement("LENS-REST-03")
async def test_the_list_has_counts_filters_and_pages(tmp_path: Path) -> None:
    ended = [measured(f"{number}.0", sequence=number) for number in range(1, 6)]
    running = batch(60, "node18.example", jobs=[info("9.0", host="node18.example")], samples=[sample("9.0", 59)])
    async with lens_site(tmp_path, [*ended, running, measured("8.0", "bob", sequence=50)]) as site:
        first = (await site.get(JOBS, limit=4)).json()
        second = (await site.get(JOBS, limit=4, cursor=first["next_cursor"])).json()
        found = (await site.get(JOBS, q="3.0")).json()
        on_host = (await site.get(JOBS, host="node18.example")).json()
        in_state = (await site.get(JOBS, state="running")).json()
        everybody = (await site.get(JOBS, "admin")).json()
        of_bob = (await site.get(JOBS, "admin", user="bob")).json()
    assert first["counts"] == {"total": 6, "running": 1, "idle": 0, "held": 0, "other": 5}
    ids = [job["job"] for job in (*first["jobs"], *second["jobs"])]
    assert (sorted(ids), second["next_cursor"]) == (["1.0", "2.0", "3.0", "4.0", "5.0", "9.0"], None)
    assert [job["job"] for job in found["jobs"]] == ["3.0"]
    assert [job["job"] for job in on_host["jobs"]] == [job["job"] for job in in_state["jobs"]] == ["9.0"]
    assert everybody["counts"]["total"] == 7
    assert [job["user"] for job in of_bob["jobs"]] == ["bob"]


@pytest.mark.requirement("LENS-REST-04")
async def test_owners_see_their_own_jobs_and_administrators_all(tmp_path: Path) -> None:
    async with lens_site(tmp_path, [measured("172.0")]) as site:
        captured = ("/processes", "/connections", "/stacks")
        for path in ("", "/files", "/marks", *captured, "/series", "/records", "/captures"):
            assert (await site.get(ONE + path)).status_code == 200, path
            assert (await site.get(ONE + path, "admin")).status_code == 200, path
            foreign = await site.get(ONE + path, "bob")
            assert (foreign.status_code, foreign.json()["code"]) == (404, "job_not_recorded"), path
        assert (await site.get(JOBS, "bob", user="alice")).json()["jobs"] == []


async def test_one_job_tells_what_it_used_of_what_it_asked_for(tmp_path: Path) -> None:
    async with lens_site(tmp_path, [measured("172.0")]) as site:
        job = (await site.get(ONE)).json()
        files = (await site.get(ONE + "/files")).json()
        series = (await site.get(ONE + "/series", metric="cpu_percent", points=5)).json()
        assert (await site.get(ONE + "/verdict")).status_code == 200
        wrong = await site.get(ONE + "/series", metric="nonsense")
    assert job["hosts"] == [HOST]
    assert job["cpu_efficiency"] == pytest.approx(0.5, rel=0.02)
    assert job["memory_efficiency"] == pytest.approx(200 / 1024)
    assert files[0]["path"] == "/eos/da\\xffta"
    assert [one["unit"] for one in series["series"]] == ["percent of one core"]
    assert all(point["avg"] == pytest.approx(100, rel=0.05) for point in series["series"][0]["points"])
    assert (wrong.status_code, wrong.json()["code"]) == (422, "bad_input")


@pytest.mark.requirement("LENS-REST-05")
async def test_two_jobs_are_compared_figure_by_figure(tmp_path: Path) -> None:
    batches = [measured("172.0"), measured("173.0", seconds=40, sequence=2), measured("8.0", "bob", sequence=3)]
    async with lens_site(tmp_path, batches) as site:
        query = {"cluster": CLUSTER, "job": "172.0"}
        told = (await site.get("/api/v1/joblens/compare", **query, other="173.0")).json()
        foreign = await site.get("/api/v1/joblens/compare", **query, other="8.0")
    figures = {row["figure"]: row for row in told["figures"]}
    assert (figures["cpu_time"]["first"], figures["cpu_time"]["second"], figures["cpu_time"]["ratio"]) == (20, 40, 2)
    assert "gpu_percent" not in figures
    assert foreign.status_code == 404


@pytest.mark.requirement("LENS-RULES-01")
async def test_a_user_captures_an_own_job_for_a_while_and_collectors_are_told(tmp_path: Path) -> None:
    running = batch(60, jobs=[info("172.0")], samples=[sample("172.0", 59)])
    async with lens_site(tmp_path, [running]) as site:
        begun = (await site.post(ONE + "/captures", {"seconds": 60, "interval_s": 1, "reason": "slow"})).json()
        assert (begun["job"], begun["by"], begun["until"] - begun["begun"]) == ("172.0", "alice", pytest.approx(60))
        orders = (await site.get("/api/v1/joblens/captures", "node", host=HOST)).json()
        elsewhere = (await site.get("/api/v1/joblens/captures", "node", host="node18.example")).json()
        foreign = await site.post(ONE + "/captures", {"seconds": 60}, "bob")
        too_long = await site.post(ONE + "/captures", {"seconds": 4000})
        ended = await site.http.delete(f"/api/v1/joblens/captures/{begun['capture_id']}", headers=site.headers("alice"))
        after = (await site.get("/api/v1/joblens/captures", "node", host=HOST)).json()
        listed = (await site.get(ONE + "/captures")).json()
    assert [order["capture_id"] for order in orders] == [begun["capture_id"]]
    assert (0 < orders[0]["seconds_left"] <= 60, orders[0]["details"]) == (True, list(Detail))
    assert elsewhere == []
    assert (foreign.status_code, foreign.json()["code"]) == (404, "job_not_recorded")
    assert too_long.status_code == 422
    assert (ended.status_code, after) == (200, [])
    assert [(one["capture_id"], one["ended"] is not None) for one in listed] == [(begun["capture_id"], True)]


async def test_the_answer_to_batches_says_whether_other_captures_are_wanted(tmp_path: Path) -> None:
    running = batch(60, jobs=[info("172.0")], samples=[sample("172.0", 59)])
    async with lens_site(tmp_path, [running]) as site:

        async def told(host: str) -> str:
            sent = join([encode(batch(61, host))])
            answer = await site.http.post("/api/v1/joblens/batches", content=sent, headers=site.headers("node"))
            assert answer.headers["JobLens-Together"] == "1"
            return answer.headers["JobLens-Captures"]

        before = [await told(HOST), await told("node18.example")]
        await site.post(ONE + "/captures", {"seconds": 60, "interval_s": 1})
        after = [await told(HOST), await told(HOST), await told("node18.example")]
    assert before[0] == before[1] == after[2]
    assert after[0] == after[1] != before[0]


async def test_the_public_trigger_begins_and_ends_a_capture(tmp_path: Path) -> None:
    running = batch(60, jobs=[info("172.0")], samples=[sample("172.0", 59)])
    body = {"opt": "add", "JobID": "172.0", "Lens": ["cpumem_collector"], "cluster": CLUSTER}
    async with lens_site(tmp_path, [running]) as site:
        begun = (await site.post("/joblens/job", body)).json()
        ended = (await site.post("/joblens/job", {"opt": "remove", "JobID": "172.0"})).json()
        unknown = await site.post("/joblens/job", {"opt": "remove", "JobID": "999.0"})
        foreign = await site.post("/joblens/job", body, "bob")
        no_pool = await site.post("/joblens/slurm_job", {"JobID": 67890})
        stranger = await site.http.post("/joblens/condor_job", json=body)
    assert (begun["code"], begun["data"]["captures"][0]["details"]) == (0, ["processes"])
    assert ended["data"]["captures"][0]["ended"] is not None
    assert (unknown.status_code, unknown.json()["error"]) == (404, "job_not_recorded")
    assert (foreign.status_code, foreign.json()["error"]) == (404, "job_not_recorded")
    assert (no_pool.status_code, stranger.status_code) == (400, 401)


async def test_a_job_that_has_ended_is_not_captured(tmp_path: Path) -> None:
    async with lens_site(tmp_path, [measured("172.0")]) as site:
        answer = await site.post(ONE + "/captures", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "job_ended")


async def test_a_collector_reports_with_its_own_scope_and_reads_nothing(tmp_path: Path) -> None:
    body = join([encode(measured("172.0")), encode(measured("173.0", sequence=2))])
    batches = "/api/v1/joblens/batches"
    async with lens_site(tmp_path) as site:
        taken = await site.http.post(batches, content=body, headers=site.headers("node"))
        again = await site.http.post(batches, content=body, headers=site.headers("node"))
        by_user = await site.http.post(batches, content=body, headers=site.headers("alice"))
        by_admin = await site.http.post(batches, content=body, headers=site.headers("admin"))
        broken = await site.http.post(batches, content=body[:-1], headers=site.headers("node"))
        reading = [await site.get(path, "node") for path in (JOBS, ONE, "/api/v1/jobs", "/data/schema")]
        samples = (await site.get(ONE)).json()["samples"]
    assert (taken.json(), again.json(), samples) == ({"batches": 2}, {"batches": 2}, 20)
    assert (by_user.status_code, by_admin.status_code) == (403, 403)
    assert (broken.status_code, broken.json()["code"]) == (422, "batch_malformed")
    assert {answer.status_code for answer in reading} == {403}


async def test_the_token_of_a_node_reports_for_its_own_host_and_learns_of_no_other(tmp_path: Path) -> None:
    batches = "/api/v1/joblens/batches"
    own, foreign = encode(measured("173.0")), encode(measured("172.0", "bob", host="elsewhere.example"))
    async with lens_site(tmp_path, [measured("172.0")]) as site:
        refused = await site.http.post(batches, content=join([own, foreign]), headers=site.headers("node"))
        orders = await site.get("/api/v1/joblens/captures", "node", host="elsewhere.example")
        anywhere = await site.get("/api/v1/joblens/captures", "node")
        kept = [(await site.get(path)).status_code for path in (ONE, f"{JOBS}/{CLUSTER}/173.0")]
        identity = site.app.state.platform.core.identity
        unbound = await identity.create_token_of(
            "node", "collectors", frozenset({Scope.LENS_WRITE}), timedelta(hours=1)
        )
        site.tokens["node"] = unbound.secret
        of_none = await site.http.post(batches, content=join([own]), headers=site.headers("node"))
    assert [(each.status_code, each.json()["code"]) for each in (refused, orders, of_none)] == [
        (403, "host_foreign")
    ] * 3
    assert anywhere.status_code == 422
    assert kept == [200, 404]


async def test_a_job_that_another_host_gives_to_somebody_else_is_shown_to_neither_however_many_hosts_it_has(
    tmp_path: Path,
) -> None:
    elsewhere = [measured("172.0", "bob", host=f"a{number}.example") for number in range(9)]
    same_host = [measured("173.0", sequence=2), measured("173.0", "bob", sequence=3)]
    async with lens_site(tmp_path, [*elsewhere, measured("172.0"), *same_host]) as site:
        jobs = [ONE, f"{JOBS}/{CLUSTER}/173.0"]
        told = [(await site.get(job, who)).status_code for job in jobs for who in ("alice", "bob", "admin")]
        lists = [(await site.get(JOBS, who)).json()["jobs"] for who in ("alice", "bob")]
    assert told == [404, 404, 200] * 2
    assert lists == [[], []]


async def test_a_node_tells_of_itself_alone_and_of_no_time_to_come(tmp_path: Path) -> None:
    batches, now = "/api/v1/joblens/batches", time.time()
    told = measured("172.0")
    malformed = [
        replace(told, jobs=[replace(told.jobs[0], host="node18.example")]),
        replace(told, marks=[told.marks[0]._replace(key=JobKey(CLUSTER, "1\x1b[2J"))]),
        replace(told, marks=[told.marks[0]._replace(key=JobKey(CLUSTER, "\ud800"))]),
        replace(told, marks=[told.marks[0]._replace(key=JobKey("x" * 65, "1.0"))]),
    ]
    ahead = [
        replace(told, time=now + 7200),
        replace(told, samples=[told.samples[0]._replace(time=now + 7200)]),
        replace(told, jobs=[replace(told.jobs[0], started=now + 7200)]),
    ]
    async with lens_site(tmp_path) as site:
        answers = [
            await site.http.post(batches, content=join([encode(each)]), headers=site.headers("node"))
            for each in (*malformed, *ahead)
        ]
        kept = await site.get(ONE, "admin")
    codes = [(each.status_code, each.json()["code"]) for each in answers]
    assert codes == [(422, "batch_malformed")] * 4 + [(409, "clock_ahead")] * 3
    assert kept.status_code == 404


async def test_a_body_beyond_the_bound_is_refused_before_it_is_held(tmp_path: Path) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * (1 << 20)

    async with lens_site(tmp_path) as site:
        answer = await site.http.post("/api/v1/joblens/batches", content=endless(), headers=site.headers("node"))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.requirement("LENS-REST-03")
async def test_what_waits_is_counted_from_the_queue_and_told_apart_from_what_is_not_yet_measured(
    tmp_path: Path,
) -> None:
    waiting = [job("20.0", JobState.QUEUEING), job("21.0", JobState.HOLDING), job("22.0", JobState.RUNNING)]
    others = [job("30.0", JobState.QUEUEING, "bob")]
    async with lens_site(tmp_path, [measured("172.0")]) as site:
        lens = replace(site.app.state.joblens, queues=MemoryQueues({CLUSTER: [*waiting, *others]}))
        site.app.state.joblens = lens
        own = (await site.get(JOBS)).json()["counts"]
        all_of_them = (await site.get(JOBS, "admin")).json()["counts"]
        by_text = (await site.get(JOBS, q="21.0")).json()["counts"]
        on_a_host = (await site.get(JOBS, host=HOST)).json()["counts"]
        idle = await site.get(f"{JOBS}/{CLUSTER}/20.0")
        running = await site.get(f"{JOBS}/{CLUSTER}/22.0")
        foreign = await site.get(f"{JOBS}/{CLUSTER}/30.0")
    assert own == {"total": 3, "running": 0, "idle": 1, "held": 1, "other": 1}
    assert all_of_them == {"total": 4, "running": 0, "idle": 2, "held": 1, "other": 1}
    assert (by_text["held"], by_text["idle"]) == (1, 0)
    assert (on_a_host["idle"], on_a_host["held"], on_a_host["other"]) == (0, 0, 1)
    assert [answer.json()["code"] for answer in (idle, running)] == ["job_not_started", "job_not_yet_recorded"]
    assert (foreign.status_code, foreign.json()["code"]) == (404, "job_not_recorded")


async def test_an_own_job_whose_record_was_removed_is_gone_and_not_unknown(tmp_path: Path) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=40)
    ended = job("5.0", JobState.COMPLETED).model_copy(update={"ended_at": long_ago})
    async with lens_site(tmp_path) as site:
        site.app.state.joblens = replace(site.app.state.joblens, queues=MemoryQueues({CLUSTER: [ended]}))
        own = await site.get(f"{JOBS}/{CLUSTER}/5.0")
        foreign = await site.get(f"{JOBS}/{CLUSTER}/5.0", "bob")
    assert (own.status_code, own.json()["code"]) == (410, "job_record_gone")
    assert foreign.status_code == 404


def job(job_id: str, state: JobState, owner: str = "alice") -> Job:
    return Job(cluster=CLUSTER, job_id=job_id, owner=owner, name="job", state=state, command="job.sh")


async def test_processes_are_told_as_the_newest_capture_that_saw_any_left_them(tmp_path: Path) -> None:
    seen = batch(10, jobs=[info("172.0")], samples=[sample("172.0", 10)], processes=[process(7, 10), process(7, 12)])
    much_later = batch(900, samples=[sample("172.0", 900)])
    async with lens_site(tmp_path, [seen, much_later]) as site:
        before = (await site.get(ONE + "/processes")).json()
        lens = site.app.state.joblens
        for name, begun in (("c1", BEGIN), ("c2", BEGIN + 500)):
            details = (Detail.PROCESSES,)
            await lens.begin(Capture(name, key_of("172.0"), begun, begun + 15, 1.0, details, "alice", ""))
        told = (await site.get(ONE + "/processes")).json()
    assert before == []
    assert [(row["pid"], row["host"], row["time"]) for row in told] == [(7, HOST, BEGIN + 12)]


@pytest.mark.requirement("LENS-STACKS-01")
async def test_stacks_are_told_by_process_and_calls_over_the_newest_capture_that_saw_any(tmp_path: Path) -> None:
    def stack(second: int, name: str, frames: str, samples: int) -> StackSample:
        return StackSample(key_of("172.0"), BEGIN + second, 7, name, frames, samples, samples * 50)

    rows = [stack(2, "fit", "main;before", 90), stack(11, "fit", "main;exp", 3), stack(12, "sh", "main;\udcff", 9)]
    seen = batch(
        20, jobs=[info("172.0")], samples=[sample("172.0", 20)], stacks=[*rows, stack(13, "fit", "main;exp", 8)]
    )
    async with lens_site(tmp_path, [seen]) as site:
        before = (await site.get(ONE + "/stacks")).json()
        lens, details = site.app.state.joblens, (Detail.STACKS,)
        await lens.begin(Capture("c1", key_of("172.0"), BEGIN + 10, BEGIN + 15, 1.0, details, "alice", ""))
        told = (await site.get(ONE + "/stacks")).json()
        first = (await site.get(ONE + "/stacks", limit=1)).json()
    assert before == []
    assert told == [
        {"process": "fit", "frames": ["main", "exp"], "samples": 11, "cpu_ns": 550},
        {"process": "sh", "frames": ["main", "\\xff"], "samples": 9, "cpu_ns": 450},
    ]
    assert first == told[:1]


async def test_stacks_that_a_job_makes_too_many_and_too_long_are_told_within_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("joblens.query.stacks.MOST_TEXT", 20)
    frames = ("main;fit", "main;exp;of;very;many", "main;fit")
    rows = [StackSample(key_of("172.0"), BEGIN + 11, 7, "fit", each, 1, 50) for each in frames]
    async with lens_site(
        tmp_path, [batch(20, jobs=[info("172.0")], samples=[sample("172.0", 20)], stacks=rows)]
    ) as site:
        capture = Capture("c1", key_of("172.0"), BEGIN + 10, BEGIN + 15, 1.0, (Detail.STACKS,), "alice", "")
        await site.app.state.joblens.begin(capture)
        told = (await site.get(ONE + "/stacks")).json()
    assert told == [{"process": "fit", "frames": ["main", "fit"], "samples": 2, "cpu_ns": 100}]


async def test_connections_are_told_once_as_they_were_last_most_traffic_first(tmp_path: Path) -> None:
    def seen(second: int, peer: str, sent: int) -> ConnectionSample:
        ends = ("192.0.2.17", 40112, peer, 1094)
        return ConnectionSample(key_of("172.0"), BEGIN + second, 7, "tcp", "ESTABLISHED", *ends, sent, 1, 410, 0)

    rows = [seen(11, "192.0.2.7", 5), seen(12, "192.0.2.8", 9), seen(12, "192.0.2.7", 50)]
    told_batch = batch(20, jobs=[info("172.0")], samples=[sample("172.0", 20)], connections=rows)
    async with lens_site(tmp_path, [told_batch]) as site:
        before = (await site.get(ONE + "/connections")).json()
        details = (Detail.CONNECTIONS,)
        capture = Capture("c1", key_of("172.0"), BEGIN + 10, BEGIN + 15, 1.0, details, "alice", "")
        await site.app.state.joblens.begin(capture)
        told = (await site.get(ONE + "/connections")).json()
    assert before == []
    assert [(row["peer_addr"], row["sent"]) for row in told] == [("192.0.2.7", 50), ("192.0.2.8", 9)]
    assert {row["host"] for row in told} == {HOST}


def process(pid: int, second: int) -> ProcessSample:
    none = dict.fromkeys(ProcessSample._fields, 0)
    return ProcessSample(**none | {"key": key_of("172.0"), "time": BEGIN + second, "pid": pid, "name": "fit"})  # pyright: ignore[reportArgumentType]
