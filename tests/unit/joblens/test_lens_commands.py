"""`ink joblens`: what it prints of the answers; and nothing that a user chose reaches the terminal as a command."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from joblens.records import JobKey
from joblens.rules.backtest import Backtest
from joblens.rules.events import Fired, Warn
from manager.joblens.plots import amount, line_plot, span, spread, told
from manager.joblens.rules_commands import tell
from manager.joblens.stacks import folded_lines, functions_table
from manager.joblens.views import (
    as_json,
    busiest,
    connections_table,
    files_table,
    job_lines,
    jobs_table,
    now_table,
    plain,
    plot_lines,
    processes_table,
    verdict_lines,
)


def test_amounts_and_spans_are_short() -> None:
    assert [amount(0), amount(999), amount(1000), amount(52_000_000), amount(1e21)] == [
        "0 B", "999 B", "1 kB", "52 MB", "1e+06 PB",
    ]  # fmt: skip
    assert [span(5), span(61), span(3661)] == ["0:05", "1:01", "1:01:01"]
    assert [told(96.5, "percent of one core"), told(2e6, "bytes/s"), told(3, "1/s")] == ["96.5 %", "2 MB/s", "3 1/s"]


def test_a_plot_has_its_lines_and_a_constant_is_at_the_top() -> None:
    assert line_plot([1.0] * 4, 2) == ["⠉⠉", "⠀⠀"]
    assert line_plot([None, None], 1) == ["⠀"]
    rising = line_plot([float(value) for value in range(8)], 2)
    assert (len(rising), {len(line) for line in rising}) == (2, {4})


def test_points_are_spread_over_the_columns_by_their_time() -> None:
    assert spread([(0, 1.0), (1, 3.0), (9, 5.0), (12, 9.0)], 0, 10, 2) == [2.0, 5.0]
    assert spread([(0, 1.0)], 0, 0, 1) == [1.0]


def test_a_figure_that_was_always_zero_has_no_plot() -> None:
    points = [{"time": 0.0, "min": 0.0, "avg": 0.0, "max": 0.0, "samples": 1}]
    series = {"start": 0.0, "end": 1.0, "series": [{"metric": "gpu_percent", "unit": "percent", "points": points}]}
    assert list(plot_lines(series)) == []


def test_names_of_files_are_no_markup_and_no_escape_sequence() -> None:
    file = {"path": "/eos/[red]a\x1b[2J", "traffic": "file", "fs_type": "fuse"}
    counts = dict.fromkeys(("read_bytes", "read_ops", "write_bytes", "write_ops"), 1)
    written = io.StringIO()
    Console(file=written, width=200, force_terminal=True).print(files_table([{**file, **counts}]))
    assert "/eos/[red]a\\x1b[2J" in written.getvalue()
    assert "\x1b[2J" not in written.getvalue()
    assert plain("a\nb") == "a\\nb"


def test_a_process_is_told_with_its_parent_its_figures_and_its_name_as_text() -> None:
    process = {
        "host": "node1", "pid": 17, "ppid": 16, "name": "fit\x1b[2J", "utime_ns": 61_000_000_000, "stime_ns": 0,
        "rss_bytes": 52_000_000, "rchar": 1000, "wchar": 0, "threads": 4,
    }  # fmt: skip
    written = io.StringIO()
    Console(file=written, width=200).print(processes_table([process]))
    assert written.getvalue().splitlines()[1].split() == [
        "17", "16", "1:01", "52", "MB", "1", "kB", "0", "B", "4", "node1", "fit\\x1b[2J",
    ]  # fmt: skip


def test_a_connection_is_told_with_its_peer_and_traffic() -> None:
    one = {
        "host": "node1", "pid": 17, "proto": "tcp", "state": "ESTABLISHED", "peer_addr": "192.0.2.7", "peer_port": 1094,
        "sent": 1000, "received": 52_000_000, "rtt_us": 410,
    }  # fmt: skip
    written = io.StringIO()
    Console(file=written, width=200).print(connections_table([one]))
    assert written.getvalue().splitlines()[1].split() == [
        "1", "kB", "52", "MB", "0.41", "ms", "17", "tcp", "ESTABLISHED", "192.0.2.7:1094", "node1",
    ]  # fmt: skip


def test_functions_are_told_by_their_own_time_and_stacks_as_folded_lines_both_as_text() -> None:
    stacks = [
        {"process": "fit", "frames": ["main", "fit", "exp\x1b[2J"], "samples": 3, "cpu_ns": 300},
        {"process": "fit", "frames": ["main", "fit", "fit"], "samples": 1, "cpu_ns": 100},
    ]
    written = io.StringIO()
    Console(file=written, width=200).print(functions_table(stacks, 5))
    assert [line.split() for line in written.getvalue().splitlines()[1:]] == [
        ["75", "%", "75", "%", "exp\\x1b[2J"], ["25", "%", "100", "%", "fit"],
    ]  # fmt: skip
    assert list(folded_lines(stacks))[1] == "fit;main;fit;fit 1"


def test_what_programs_read_is_no_escape_sequence_either() -> None:
    name = "/eos/\x9b2J\x1b]0;a\x07é\u202e"
    text = as_json({"path": name})
    assert text.replace("\n", "").isprintable() and text.isascii()
    assert json.loads(text) == {"path": name}


def test_jobs_that_a_rule_would_have_caught_are_no_markup_and_no_escape_sequence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    fired = Fired("busy", JobKey("site", "[red]1\x1b[2J"), "n1", 1.0, 1.0, "It computes.", {"cpu_percent": 99.0})
    tell(Backtest(jobs=1, more=False, instructions=(Warn(fired, 1, dry=True),)))
    said = capsys.readouterr().out
    assert "[red]1\\x1b[2J" in said
    assert "\x1b[2J" not in said


@pytest.mark.parametrize("confidence", [0.0, 0.83])
def test_a_verdict_says_cause_change_and_saving(confidence: float) -> None:
    verdict = {
        "cause": "memory_over_requested",
        "sentence": "It asked for far more memory than it used.",
        "change": {"htcondor": ["request_memory = 900MB"], "slurm": ["#SBATCH --mem=900M"]},
        "saving": {"core_hours": 0.0, "memory_gb_hours": 3.25, "gpu_hours": 0.0},
        "confidence": confidence,
        "also": [{"cause": "no_output", "sentence": "Its output did not grow."}],
    }
    lines = list(verdict_lines(verdict))
    assert lines[0].startswith("memory over requested: It asked")
    assert lines[0].endswith(f"({confidence:.0%} sure)".replace("%", " %"))
    assert "  htcondor: request_memory = 900MB" in lines
    assert "  would save 3.25 memory gb hours" in lines
    assert lines[-1] == "also no output: Its output did not grow."


def test_the_busiest_are_those_that_work_now_and_not_those_that_did() -> None:
    where = {"user": "alice", "hosts": ["node1"], "host_count": 1, "name": "a"}
    told = where | {"first_seen": 0.0, "last_seen": 61.0, "rss_peak_bytes": 0}
    rates = {"read_rate": 2e6, "write_rate": 0.0, "net_rx_rate": 1000.0, "net_tx_rate": 500.0}
    jobs = [
        told | {"job": job, "cpu_percent": {"avg": mean}, "now": None if now is None else rates | {"cpu_percent": now}}
        for job, mean, now in (("1.0", 99.0, 0.0), ("2.0", 5.0, 97.0), ("3.0", 50.0, None))
    ]
    assert [job["job"] for job in busiest(jobs)] == ["2.0", "1.0", "3.0"]
    written = io.StringIO()
    Console(file=written, width=200).print(now_table(busiest(jobs)))
    _, first, _, last = written.getvalue().splitlines()
    assert first.split() == ["2.0", "alice", "node1", "1:01", "97", "2", "MB", "0", "B", "1.5", "kB", "0", "B", "a"]
    assert last.split() == ["3.0", "alice", "node1", "1:01", "–", "–", "–", "–", "0", "B", "a"]


def test_a_job_on_more_hosts_than_are_named_says_how_many() -> None:
    figures = ("rss_peak_bytes", "read_bytes", "write_bytes", "net_bytes", "max_processes", "gaps")
    job = {
        **dict.fromkeys(("job", "cluster", "name", "user", "state"), "x"),
        **dict.fromkeys((*figures, "first_seen", "last_seen"), 0),
        "cpu_efficiency": None,
        "memory_bytes": None,
        "cpu_percent": {"avg": 1.0, "max": 1.0},
        "totals": {},
        "hosts": ["a", "b"],
        "host_count": 30,
    }
    assert next(job_lines(job)).endswith("a, b and 28 more")
    written = io.StringIO()
    Console(file=written, width=200).print(jobs_table({"jobs": [job]}))
    assert "30 hosts" in written.getvalue()
