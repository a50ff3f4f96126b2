"""What every trace store promises: the double, the embedded one and OpenSearch."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from ink_core.errors import BadInput
from joblens.errors import JobNotRecorded
from joblens.query.own_numbers import OwnNumbers
from joblens.records import COUNTERS, JobKey, Mark, MarkKind
from joblens.store.columns import MAX_INT
from joblens.store.trace_store import JobQuery, JobState, TraceStore
from tests.contract.conftest import Hand
from tests.contract.traces import BEGAN, INTERVAL_S, KEY, MB, at, batch, file, info, life, sample

pytestmark = pytest.mark.requirement("LENS-STORE-01")
ALL = JobQuery()
FOREVER: dict[str, Any] = {"start": 0.0, "end": 2e9}
FOLDED = 61
"""So many batches of a host are no tail any more, in any store."""


def test_what_is_not_recorded_is_said(store: TraceStore) -> None:
    for ask in (
        store.summary,
        store.marks,
        lambda key: store.files(key, limit=1),
        lambda key: store.raw(key, **FOREVER),
    ):
        with pytest.raises(JobNotRecorded, match=r"172\.0"):
            ask(KEY)
    assert store.jobs(ALL, limit=10).rows == []
    assert store.hot_files("htcondor", since=0, limit=10) == []


def test_ids_that_look_alike_never_mix(store: TraceStore) -> None:
    store.write([batch(1, sample(JobKey("htcondor", "17.20"), 3), sample(JobKey("htcondor", "172.0"), 5))])
    store.write([batch(2, sample(JobKey("slurm", "172.0"), 7))])
    assert store.summary(JobKey("htcondor", "17.20")).totals["rchar"] == 6 * MB
    assert store.summary(JobKey("htcondor", "172.0")).totals["rchar"] == 10 * MB
    assert store.summary(JobKey("slurm", "172.0")).totals["rchar"] == 14 * MB


@pytest.mark.requirement("LENS-SUMMARY-01")
def test_a_summary_says_what_a_whole_job_did(store: TraceStore) -> None:
    store.write(life(30))
    told = store.summary(KEY)
    assert told.infos == (info(),) and told.hosts == 1
    assert (told.state, told.first_seen, told.last_seen, told.samples) == (JobState.ENDED, BEGAN, at(30), 30)
    assert told.collectors == ("cpumem", "io", "net")
    assert told.cpu_percent.avg == pytest.approx(100) and told.cpu_percent.max == pytest.approx(100)
    assert told.cpu_percent.p99 == pytest.approx(100, rel=0.01)
    assert told.read_rate.avg == pytest.approx(2 * MB / INTERVAL_S)
    assert told.rss_bytes.avg == pytest.approx(100 * MB) and told.rss_peak_bytes == 100 * MB
    assert told.totals["rchar"] == 60 * MB and told.totals["cpu_ns"] == 300 * 10**9 and told.totals["net_tx"] == 30_000
    assert (told.totals["cpu_wait_ms"], told.totals["io_wait_ms"]) == (210, 150)
    assert (told.max_processes, told.max_threads, told.gaps) == (3, 5, 0)
    assert told.gpu_percent is None and told.energy_uj is None


def test_a_job_of_one_final_record_has_its_figures(store: TraceStore) -> None:
    store.write([batch(1, info(), sample(step=1, final=True, cores=0.5))])
    told = store.summary(KEY)
    assert (told.state, told.samples, told.first_seen, told.last_seen) == (JobState.ENDED, 1, BEGAN, at(1))
    assert told.cpu_percent.avg == pytest.approx(50) and told.rss_bytes.max == 100 * MB


def test_the_99th_percentile_is_that_of_the_samples(store: TraceStore) -> None:
    rss = [1 + number % 200 for number in range(1, 401)]
    store.write([batch(number, sample(step=number, rss_mb=mb)) for number, mb in enumerate(rss, 1)])
    told = store.summary(KEY).rss_bytes
    assert told.p99 == pytest.approx(sorted(rss)[int(0.99 * 400) - 1] * MB, rel=0.011)
    assert told.max == 200 * MB


def test_an_adopted_job_has_no_rate_before_its_first_sample(store: TraceStore) -> None:
    adopted = info(adopted=True)
    store.write([batch(100, adopted, sample(step=100, cores=4)), batch(101, sample(step=101, cores=4))])
    told = store.summary(KEY)
    assert told.cpu_percent.avg == pytest.approx(400) and told.totals["cpu_ns"] == 4040 * 10**9
    assert told.first_seen == BEGAN


def test_a_batch_counts_once(store: TraceStore) -> None:
    batches = life(5)
    store.write(batches)
    before = store.summary(KEY)
    store.write(batches)
    store.write([replace(batches[2], samples=[sample(step=99)])])
    assert store.summary(KEY) == before
    assert len(store.raw(KEY, **FOREVER, collectors=["cpumem"]).rows) == 5


def test_a_batch_that_comes_late_is_kept_and_one_of_another_host_too(store: TraceStore) -> None:
    batches = life(5)
    store.write([batches[0], batches[1], batches[3]])
    store.write([batches[2], batch(3, sample(step=9), host="node2")])
    assert [row.time for row in store.raw(KEY, **FOREVER, collectors=["io"]).rows] == [*map(at, (1, 2, 3, 4, 9))]


def test_a_job_that_runs_anew_on_a_host_keeps_what_it_had_counted(store: TraceStore) -> None:
    store.write([batch(1, info(), sample(step=10, final=True))])
    assert store.summary(KEY).state is JobState.ENDED
    store.write([batch(2, info(root_pid=18, started=at(11)), sample(step=2)._replace(time=at(13)))])
    told = store.summary(KEY)
    assert told.state is JobState.RUNNING and told.last_seen == at(13)
    assert told.totals["rchar"] == 24 * MB and told.cpu_percent.max == pytest.approx(100)


def test_a_job_on_several_hosts_is_told_together(store: TraceStore) -> None:
    store.write(life(4))
    store.write([batch(1, info(host="node2"), sample(step=2), host="node2", step=2)])
    told = store.summary(KEY)
    assert told.hosts == 2 and {each.host for each in told.infos} == {"node1", "node2"}
    assert told.totals["rchar"] == 12 * MB and told.state is JobState.RUNNING
    both = store.timeseries(KEY, ["cpu_percent"], start=at(1), end=at(3), points=1)["cpu_percent"]
    one = store.timeseries(KEY, ["cpu_percent"], start=at(1), end=at(3), points=1, host="node2")["cpu_percent"]
    assert both[0].avg == pytest.approx(200) and one[0].avg == pytest.approx(100)


def test_what_a_running_job_does_now_is_the_rate_of_its_last_interval_on_all_its_hosts(store: TraceStore) -> None:
    store.write([batch(number, info(), sample(step=number)) for number in range(1, FOLDED + 1)])
    busy = sample(step=FOLDED + 1)._replace(cpu_ns=sample(step=FOLDED).cpu_ns + int(3.5 * INTERVAL_S * 1e9))
    store.write([batch(FOLDED + 1, busy)])
    store.write([batch(1, info(host="node2"), sample(step=1), host="node2", step=1)])
    told = store.summary(KEY).now
    assert (told["cpu_percent"], told["read_rate"]) == (pytest.approx(450), pytest.approx(4 * MB / INTERVAL_S))
    store.write([batch(2, sample(step=2, final=True), host="node2", step=2)])
    assert store.summary(KEY).now["cpu_percent"] == pytest.approx(350)
    store.write([batch(FOLDED + 2, sample(step=FOLDED + 2, cores=2, final=True))])
    assert store.summary(KEY).now == {}


def test_a_job_is_lost_when_its_host_or_the_job_is_silent(store: TraceStore, clock: Hand) -> None:
    store.write([batch(1, info(), sample())])
    clock.time = at(1) + 899
    assert store.summary(KEY).state is JobState.RUNNING
    clock.time = at(1) + 900
    assert store.summary(KEY).state is JobState.LOST
    assert store.counts(ALL) == {JobState.RUNNING: 0, JobState.ENDED: 0, JobState.LOST: 1}
    store.write([batch(2, step=400)])
    clock.time = at(400)
    assert store.summary(KEY).state is JobState.LOST
    assert [each.key for each in store.jobs(JobQuery(states=(JobState.LOST,)), limit=9).rows] == [KEY]


def test_the_list_shows_newest_first_each_job_once_while_new_ones_come(store: TraceStore) -> None:
    keys = [JobKey("htcondor", f"{number}.0") for number in range(25)]
    for number, key in enumerate(keys, 1):
        store.write([batch(number, info(key, started=at(number)), sample(key, number))])
    seen: list[JobKey] = []
    cursor: str | None = None
    for turn in range(10):
        page = store.jobs(ALL, limit=10, cursor=cursor)
        seen += [each.key for each in page.rows]
        key = JobKey("htcondor", f"new{turn}.0")
        store.write([batch(100 + turn, info(key, started=at(100 + turn)), sample(key, 100 + turn))])
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == keys[::-1]


def test_the_list_is_selected_by_every_field(store: TraceStore, clock: Hand) -> None:
    other = JobKey("slurm", "67890_3")
    store.write(life(4))
    store.write(
        [
            batch(
                1,
                info(other, "node2", user="bob", name="Fit 100%_x", started=at(50)),
                sample(other, 51),
                host="node2",
                step=51,
            )
        ]
    )
    clock.time = at(52)

    def found(**asked: Any) -> list[JobKey]:
        query = JobQuery(**asked)
        rows = store.jobs(query, limit=10).rows
        assert sum(store.counts(query).values()) == len(rows)
        return [row.key for row in rows]

    assert found() == [other, KEY]
    assert found(cluster="slurm") == [other] == found(users=("bob", "carol")) == found(hosts=("node2",))
    assert (
        found(users=()) == []
        and found(states=(JobState.ENDED,)) == [KEY]
        and found(states=(JobState.RUNNING,)) == [other]
    )
    assert found(text="67890") == [other] and found(text="0%_X") == [other] and found(text="alic") == [KEY]
    assert found(text="%") == [other] and found(text="_") == [other] and found(text="node2") == []
    assert (
        found(since=at(20)) == [other]
        and found(until=at(20)) == [KEY]
        and found(since=at(2), until=at(60)) == [other, KEY]
    )


def test_a_cursor_that_is_none_and_a_page_without_bounds_are_refused(store: TraceStore) -> None:
    store.write(life(3))
    for cursor in ("x", "bnVsbA", "W10", "\udc80"):
        with pytest.raises(BadInput, match="cursor"):
            store.jobs(ALL, limit=10, cursor=cursor)
        with pytest.raises(BadInput, match="cursor"):
            store.raw(KEY, **FOREVER, cursor=cursor)
    for limit in (0, 10_001):
        with pytest.raises(BadInput, match="10000"):
            store.jobs(ALL, limit=limit)
        with pytest.raises(BadInput, match="10000"):
            store.raw(KEY, **FOREVER, limit=limit)
        with pytest.raises(BadInput, match="10000"):
            store.files(KEY, limit=limit)


def test_marks_come_in_order_and_gaps_are_counted(store: TraceStore) -> None:
    store.write(life(3))
    store.write([batch(4, Mark(KEY, at(2), MarkKind.GAP, "away"), Mark(KEY, at(1) + 5, MarkKind.CAPTURE, "by alice"))])
    assert [mark.kind for mark in store.marks(KEY)] == [MarkKind.START, MarkKind.CAPTURE, MarkKind.GAP]
    assert store.summary(KEY).gaps == 1


def test_a_mark_on_a_job_that_has_ended_does_not_make_it_run_again(store: TraceStore) -> None:
    numbers = OwnNumbers()
    told = [Mark(KEY, at(9), MarkKind.HOLD, "held"), Mark(KEY, at(9), MarkKind.WARNING, "idle")]
    store.write([*life(3), *(batch(numbers.next(at(9)), mark) for mark in told)])
    assert (store.marks(KEY)[1:], store.counts(ALL)[JobState.ENDED]) == (told, 1)


@pytest.mark.requirement("LENS-STORE-04")
def test_what_ended_before_is_forgotten_whole_and_the_rest_stays_whole(store: TraceStore, clock: Hand) -> None:
    old, running = JobKey("htcondor", "1.0"), JobKey("htcondor", "2.0")
    store.write(life(90, key=old))
    store.write(life(200, key=KEY, host="node2"))
    store.write([batch(1, info(running, "node3"), sample(running, 1), host="node3", step=1)])
    clock.time = at(2)
    before = store.summary(KEY)
    raw = store.raw(KEY, **FOREVER, limit=1000).rows
    assert store.expire(at(100)) == 1
    with pytest.raises(JobNotRecorded):
        store.summary(old)
    assert {each.key for each in store.jobs(ALL, limit=10).rows} == {KEY, running}
    assert store.summary(KEY) == before and store.raw(KEY, **FOREVER, limit=1000).rows == raw
    assert store.expire(at(100)) == 0
    clock.time = at(1000)
    assert store.expire(at(100)) == 1
    assert [each.key for each in store.jobs(ALL, limit=10).rows] == [KEY]


@pytest.mark.requirement("LENS-STORE-03")
def test_a_summary_takes_at_most_5_kb(store: TraceStore) -> None:
    for number in range(1, 31):
        host = f"node{number:03}.a-long-domain.of-some-site.example"
        store.write([batch(1, info(host=host, name="n" * 128), sample(step=1), host=host)])
    told = store.summary(KEY)
    assert told.hosts == 30
    assert len(json.dumps(asdict(told))) <= 5_000


def test_a_summary_says_whose_a_job_is_whatever_it_calls_itself(store: TraceStore) -> None:
    store.write([batch(1, info(name="名" * 8000, step="s" * 8000), sample())])
    told = store.summary(KEY)
    assert told.infos[0].user == "alice" and told.infos[0].name.startswith("名")
    assert len(json.dumps(asdict(told))) <= 5_000


def test_many_jobs_in_one_batch_are_all_kept(store: TraceStore) -> None:
    keys = [JobKey("htcondor", f"{number}.0") for number in range(251)]
    for number in range(1, 81):
        store.write([batch(number, *(sample(key, number) for key in keys))])
    assert store.counts(ALL)[JobState.RUNNING] == 251
    assert all(each.samples == 80 for each in store.jobs(ALL, limit=300).rows)


def test_a_job_that_was_only_named_is_told_with_no_figures_in_the_tail_and_folded(store: TraceStore) -> None:
    for numbers in (range(1, 2), range(2, FOLDED + 1)):
        store.write([batch(number, info()) for number in numbers])
        told = store.summary(KEY)
        assert (told.infos, told.samples, told.state, told.totals["rchar"]) == ((info(),), 0, JobState.RUNNING, 0)
        assert store.files(KEY, limit=9) == store.marks(KEY) == store.raw(KEY, **FOREVER).rows == []
        assert store.timeseries(KEY, ["cpu_percent"], **FOREVER, points=9) == {"cpu_percent": []}
    store.write([batch(FOLDED + 1)])  # nothing to tell is a batch too
    assert store.summary(KEY).last_seen == at(FOLDED + 1)


def test_the_largest_figures_and_texts_of_no_length_are_told_as_they_came(store: TraceStore) -> None:
    nobody = replace(info(), scheduler="", user="", name="", schedd="")
    most = dict.fromkeys((*COUNTERS, "rss_bytes", "rss_peak_bytes", "swap_bytes", "processes", "threads"), MAX_INT)
    other = JobKey("htcondor", "173.0")
    files = [file(path, 1, read=MAX_INT, written=MAX_INT, key=key) for key in (KEY, other) for path in ("", "/hot")]
    rows = [nobody, replace(nobody, key=other), *files, Mark(KEY, at(1), MarkKind.GAP, "")]
    for numbers in (range(1, 2), range(2, FOLDED + 1)):
        store.write([batch(each, *rows, sample(step=each)._replace(**most), sample(other, each)) for each in numbers])
        told = store.summary(KEY)
        assert (told.infos, told.users) == ((nobody,), ("",))
        assert (told.totals["cpu_ns"], told.rss_peak_bytes, told.cpu_percent.max) == (MAX_INT, MAX_INT, MAX_INT / 1e8)
        assert {(each.path, each.read_bytes, each.write_ops) for each in store.files(KEY, limit=9)} == {
            (path, MAX_INT, MAX_INT // 10) for path in ("", "/hot")
        }
        assert store.hot_files("htcondor", since=0, limit=9) == [("/hot", 2, pytest.approx(2 * MAX_INT))]
        assert store.raw(KEY, **FOREVER, collectors=["io"]).rows[-1].data["rchar"] == MAX_INT
        assert store.timeseries(KEY, ["rss_bytes"], **FOREVER, points=1)["rss_bytes"][0].max == float(MAX_INT)
