"""Small parts of the collector: captures and their bounds, rounds, the question about arrays, connections, settings."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from itertools import count
from pathlib import Path

import pytest

from joblens.captures.capture import MAX_ON_HOST, MAX_SECONDS, MIN_INTERVAL_S, Capture, Detail
from joblens.captures.order import Order, read, written
from joblens.collector.capturing.connections import MOST_DESCRIPTORS, connection_samples
from joblens.collector.capturing.process_samples import MOST_LOOKED_AT, process_samples
from joblens.collector.capturing.schedule import CaptureSchedule
from joblens.collector.compose import collect
from joblens.collector.config import Config, ConfigInvalid, read_config
from joblens.collector.delivery.manager_link import ManagerLink
from joblens.collector.identity.slurm_arrays import ArrayLookup
from joblens.collector.rounds import Rounds
from joblens.collector.self_metrics import Metric, exposition, replace
from joblens.collector.state_folder import own_folder
from joblens.records import JobKey
from tests.acceptance.waiting import until

KEY = JobKey("slurm", "7")


def order(name: str = "c1", *, left: float = 60, interval: float = 1.0, job: str = "7", by: str | None = None) -> Order:
    """Of another user each, where it is not said by whom."""
    told = {"capture_id": name, "cluster": "slurm", "job": job, "seconds_left": left, "interval_s": interval,
            "details": ["processes"], "by": name if by is None else by}  # fmt: skip
    parsed = read(told)
    assert parsed
    return parsed


HERE = {KEY, *(JobKey("slurm", str(number)) for number in range(20))}


class TestCaptures:
    def test_begin_are_due_at_their_interval_and_end_by_themselves(self) -> None:
        captures = CaptureSchedule()
        assert captures.follow([order(left=3)], HERE, 100.0) == ([order(left=3)], [])
        assert captures.due(HERE, 100.0) == {KEY: {"processes"}}
        assert captures.due(HERE, 100.5) == {}
        assert captures.next_due() == 101.0
        assert captures.due(HERE, 101.0) == {KEY: {"processes"}}
        assert captures.expire(103.0) == [order(left=3)]
        assert (captures.due(HERE, 104.0), captures.next_due()) == ({}, None)

    def test_do_not_begin_again_while_the_manager_still_tells_of_them(self) -> None:
        captures = CaptureSchedule()
        captures.follow([order(left=3)], HERE, 100.0)
        captures.expire(103.0)
        assert captures.follow([order(left=1)], HERE, 103.0) == ([], [])

    def test_end_when_the_manager_tells_of_them_no_more(self) -> None:
        captures = CaptureSchedule()
        captures.follow([order("c1"), order("c2", job="8")], HERE, 100.0)
        assert captures.follow([order("c2", job="8")], HERE, 105.0) == ([], [order("c1")])
        assert list(captures.due(HERE, 105.0)) == [JobKey("slurm", "8")]

    def test_are_no_more_at_once_than_the_bound(self) -> None:
        captures = CaptureSchedule()
        orders = [order(f"c{number}", job=str(number)) for number in range(MAX_ON_HOST + 2)]
        captures.follow(orders, HERE, 100.0)
        assert (len(captures), captures.waiting) == (MAX_ON_HOST, ["c8", "c9"])
        begun, _ = captures.follow(orders[1:], HERE, 101.0)
        assert [each.capture_id for each in begun] == ["c8"]

    def test_of_one_user_leave_turns_to_others(self) -> None:
        captures = CaptureSchedule()
        orders = [order(f"c{number}", job=str(number), by="alice") for number in range(5)]
        begun, _ = captures.follow([*orders, order("mine", by="bob")], HERE, 100.0)
        assert [each.capture_id for each in begun] == ["c0", "c1", "mine"]
        assert captures.waiting == ["c2", "c3", "c4"]
        begun, _ = captures.follow([*orders[1:], order("mine", by="bob")], HERE, 101.0)
        assert [each.capture_id for each in begun] == ["c2"]

    def test_of_jobs_that_are_elsewhere_or_have_ended_take_nobodys_turn_and_cost_nothing(self) -> None:
        captures = CaptureSchedule()
        others = [order(f"c{number}", job=str(number)) for number in range(50, 50 + 2 * MAX_ON_HOST)]
        assert captures.follow([*others, order("mine")], {KEY}, 100.0) == ([order("mine")], [])
        captures.follow([*others, order("mine")], {each.key for each in others}, 101.0)
        assert len(captures.waiting) == MAX_ON_HOST
        assert captures.due(set(), 102.0) == {}
        begun, _ = captures.follow([*others, order("mine"), order("next")], {KEY}, 103.0)
        assert [each.capture_id for each in begun] == ["next"]

    def test_are_held_to_bounds_whatever_they_ask_for(self) -> None:
        asked = order(left=1e9, interval=0.001)
        assert (asked.seconds_left, asked.interval_s) == (MAX_SECONDS, MIN_INTERVAL_S)

    def test_arrive_on_the_node_as_they_were_begun(self) -> None:
        capture = Capture("c1", KEY, 100.0, 160.0, 2.0, (Detail.FILES,), "alice", "slow")
        assert read(json.loads(json.dumps(written(capture, 130.0)))) == Order(
            "c1", KEY, 30.0, 2.0, frozenset([Detail.FILES]), "alice"
        )

    def test_with_details_of_a_newer_release_have_those_that_are_known(self) -> None:
        told = {"cluster": "slurm", "job": "7", "seconds_left": 5, "interval_s": 1, "details": ["files", "heap"]}
        assert (asked := read(told)) and asked.details == {"files"}

    @pytest.mark.parametrize(
        "change", [{"seconds_left": "nan"}, {"seconds_left": 0}, {"interval_s": None}, {"details": 3}, {"job": None}]
    )
    def test_that_cannot_be_meant_are_none(self, change: dict[str, object]) -> None:
        told = {"cluster": "slurm", "job": "7", "seconds_left": 5, "interval_s": 1, "details": []} | change
        if change == {"job": None}:
            del told["job"]
        assert read(told) is None


def test_a_round_that_was_missed_is_not_made_up_for() -> None:
    rounds = Rounds({"jobs": 5, "files": 30}, 100.0)
    assert rounds.take_due(100.0) == {"jobs", "files"}
    assert rounds.take_due(104.9) == set()
    assert rounds.take_due(105.0) == {"jobs"}
    assert rounds.take_due(127.0) == {"jobs"}
    assert rounds.next_due() == 130.0
    assert rounds.take_due(130.0) == {"jobs", "files"}


class TestQuestionsAboutArrays:
    def _asked(self, lookup: ArrayLookup, jobs: set[str]) -> dict[str, str]:
        answers: dict[str, str] = {}
        clock = iter(range(0, 100_000, 2))

        def ask() -> bool:
            answers.update(lookup.ask(jobs - answers.keys(), float(next(clock))))
            return answers.keys() == jobs

        until("all jobs have an answer", ask, timeout_s=60)
        lookup.close()
        return answers

    def test_are_answered_by_squeue(self, tmp_path: Path) -> None:
        answers = self._asked(ArrayLookup(squeue(tmp_path, "72 70 3\n73 73 N/A\n74 70 x\n")), {"72", "73", "74"})
        assert answers == {"72": "70_3", "73": "73", "74": "74"}
        asked = (tmp_path / "asked").read_text().split()
        assert asked[:3] == ["--noheader", "--states=all", "--format=%A"]
        assert set(asked[-1].removeprefix("--jobs=").split(",")) == {"72", "73", "74"}

    def test_that_slurm_does_not_answer_are_given_up_after_some_tries(self, tmp_path: Path) -> None:
        assert self._asked(ArrayLookup(squeue(tmp_path, "garbage\n")), {"72"}) == {"72": "72"}

    def test_are_given_up_where_there_is_no_squeue_which_is_said_once(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert self._asked(ArrayLookup([str(tmp_path / "none")]), {"72"}) == {"72": "72"}
        assert ["No such file" in record.getMessage() for record in caplog.records] == [True]

    def test_do_not_wait_for_a_squeue_that_hangs(self, tmp_path: Path) -> None:
        lookup = ArrayLookup([sys.executable, "-c", "import sys; sys.stdin = open('/dev/zero'); sys.stdin.read()"])
        assert lookup.ask({"72"}, 0.0) == {}
        assert lookup.ask({"72"}, 1.0) == {}
        lookup.close()


def squeue(folder: Path, answer: str) -> list[str]:
    """A command that notes how it was called and says this."""
    (folder / "answer").write_text(answer)
    script = 'echo "$@" > "$0/asked"; cat "$0/answer"'
    return ["/bin/sh", "-c", script, str(folder)]


def test_the_connections_of_a_process_are_told_with_both_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        accepted, _ = server.accept()
        port, peer = client.getsockname()[1], server.getsockname()[1]
        client.sendall(b"x" * 70_000)
        with accepted:
            assert len(accepted.recv(70_000, socket.MSG_WAITALL)) == 70_000
            samples = connection_samples(KEY, [os.getpid()], 1.0)
    listening = [sample for sample in samples if sample.state == "LISTEN" and sample.local_port == peer]
    mine = [sample for sample in samples if (sample.local_port, sample.peer_port) == (port, peer)]
    other = [sample for sample in samples if (sample.local_port, sample.peer_port) == (peer, port)]
    assert [(sample.received, sample.sent) for sample in other] == [(70_000, 0)]
    assert [sample.rtt_us > 0 for sample in mine] == [True]
    assert [(sample.local_addr, sample.proto) for sample in listening] == [("127.0.0.1", "tcp")]
    assert [(sample.state, sample.pid, sample.peer_addr) for sample in mine] == [
        ("ESTABLISHED", os.getpid(), "127.0.0.1")
    ]


def test_of_a_job_with_very_many_descriptors_or_processes_some_are_looked_at() -> None:
    looked_at = count()
    endless = (next(looked_at) and os.getpid() for _ in range(1_000_000))
    connection_samples(KEY, endless, 1.0)
    assert next(looked_at) <= MOST_DESCRIPTORS
    looked_at = count()
    assert len(process_samples(KEY, endless, 1.0)) == 1000
    assert next(looked_at) == MOST_LOOKED_AT


@pytest.mark.requirement("LENS-PROC-01")
def test_the_processes_of_a_job_are_told_and_those_that_are_gone_are_not() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    (sample,) = process_samples(KEY, [os.getpid(), 2**22 + 1], 1.0)
    assert (sample.minor_faults >= used.ru_minflt > 0, sample.major_faults >= used.ru_majflt) == (True, True)
    assert sample.voluntary_switches + sample.involuntary_switches > 0
    assert (sample.pid, sample.ppid, sample.key) == (os.getpid(), os.getppid(), KEY)
    assert sample.rss_bytes > 1 << 20
    assert abs(sample.started - time.time()) < 86_400


def test_own_figures_are_for_others_to_read_and_follow_no_link(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("kept")
    (tmp_path / ".joblens.prom.new").symlink_to("precious")
    replace(tmp_path / "joblens.prom", [Metric("jobs", "gauge", "Jobs.", 3)])
    assert (tmp_path / "precious").read_text() == "kept"
    assert (tmp_path / "joblens.prom").stat().st_mode & 0o777 == 0o644


def test_a_state_directory_that_somebody_else_has_prepared_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    (tmp_path / "link").symlink_to(tmp_path / "own")
    (tmp_path / "own").mkdir(mode=0o700)
    for name in ("open", "link"):
        with pytest.raises(ConfigInvalid, match=name):
            collect(Config(state_dir=str(tmp_path / name)), threading.Event())


def test_a_state_directory_takes_one_collector_at_a_time(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from joblens.collector.state_folder import own_folder
with own_folder(Path(sys.argv[1])):
    print("here", flush=True)
    sys.stdin.read()
"""
    command = [sys.executable, "-c", program, str(tmp_path / "state")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        assert first.stdout and first.stdout.readline() == b"here\n"
        with pytest.raises(ConfigInvalid, match="a collector runs with state_dir"), own_folder(tmp_path / "state"):
            pass
        first.kill()
    with own_folder(tmp_path / "state") as state:
        assert state == tmp_path / "state"


def test_own_figures_are_in_the_text_format_of_prometheus() -> None:
    text = exposition([Metric("jobs", "gauge", "Jobs.", 3), Metric("level", "gauge", "Level.", 1, '{level="bpf"}')])
    assert text == (
        "# HELP ink_joblens_collector_jobs Jobs.\n# TYPE ink_joblens_collector_jobs gauge\n"
        "ink_joblens_collector_jobs 3\n"
        "# HELP ink_joblens_collector_level Level.\n# TYPE ink_joblens_collector_level gauge\n"
        'ink_joblens_collector_level{level="bpf"} 1\n'
    )


class TestSettings:
    def test_of_the_file_take_the_place_of_defaults(self, tmp_path: Path) -> None:
        config = self._read(tmp_path, 'interval_s = 1\nstarters = ["mystarter"]\nhost = "n1"\n')
        assert (config.interval_s, config.starters, config.host_name) == (1.0, ("mystarter",), "n1")
        assert config.files_interval_s == Config().files_interval_s

    @pytest.mark.parametrize("line", ["starters = [1]", "host = 1", "unprivileged_starters = 1", 'level = "x"'])
    def test_of_a_wrong_kind_are_refused(self, tmp_path: Path, line: str) -> None:
        with pytest.raises(ConfigInvalid, match=line.split()[0]):
            self._read(tmp_path, line)

    def _read(self, folder: Path, text: str) -> Config:
        (folder / "c.toml").write_text(text)
        (folder / "c.toml").chmod(0o600)
        return read_config(folder / "c.toml")

    @pytest.mark.parametrize("url", ["http://portal.example", "ftp://portal.example", "portal.example", ""])
    def test_a_manager_is_reached_by_https_only(self, url: str) -> None:
        with pytest.raises(ConfigInvalid, match="manager_url"):
            ManagerLink(url, Path("/dev/null"))
