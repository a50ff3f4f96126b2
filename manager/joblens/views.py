"""What `ink joblens` prints, from the answers of the REST interface."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from manager.joblens.plots import amount, line_plot, span, spread, told

Answer = Mapping[str, Any]
COLUMNS = 120
HEIGHT = 3
UNKNOWN = "–"
LANES = {
    "cpu_percent": "CPU",
    "rss_bytes": "memory",
    "read_rate": "read",
    "write_rate": "written",
    "net_rx_rate": "received",
    "net_tx_rate": "sent",
    "gpu_percent": "GPU",
}


def jobs_table(page: Answer) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("JOB", "USER", "STATE", "HOST", "TIME", "CPU %", "OF ASKED", "PEAK MEM", "READ", "WRITTEN", "NAME"):
        justify = "right" if title in RIGHT else "left"
        table.add_column(title, no_wrap=True, justify=justify, min_width=LEAST.get(title))
    for job in page["jobs"]:
        table.add_row(*map(printable, _cells(job)))
    return table


LEAST = {"JOB": 8, "STATE": 7, "TIME": 7, "CPU %": 5}
RIGHT = {"TIME", "CPU %", "OF ASKED", "PEAK MEM", "READ", "WRITTEN"}


def _cells(job: Answer) -> Iterator[str]:
    yield from (job["job"], job["user"], job["state"], _where(job))
    yield span(job["last_seen"] - job["first_seen"])
    yield f"{job['cpu_percent']['avg']:.0f}"
    yield part(job["cpu_efficiency"])
    yield from (amount(job["rss_peak_bytes"]), amount(job["read_bytes"]), amount(job["write_bytes"]), job["name"])


def busiest(jobs: Sequence[Answer]) -> list[Answer]:
    """Those with the most CPU over their last interval first, and last those that were not seen for one yet."""

    def cpu(job: Answer) -> float:
        return job["now"]["cpu_percent"] if job["now"] else -1.0

    return sorted(jobs, key=cpu, reverse=True)


def now_table(jobs: Sequence[Answer]) -> Table:
    """What running jobs do: rates over the last interval, `–` of one that was seen only once."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("JOB", "USER", "HOST", "TIME", "CPU %", "READ/s", "WRITTEN/s", "NETWORK/s", "PEAK MEM", "NAME"):
        justify = "left" if title in ("JOB", "USER", "HOST", "NAME") else "right"
        table.add_column(title, no_wrap=True, justify=justify, min_width=LEAST.get(title))
    for job in jobs:
        table.add_row(*map(printable, _now_cells(job)))
    return table


def _now_cells(job: Answer) -> Iterator[str]:
    now: Answer | None = job["now"]
    yield from (job["job"], job["user"], _where(job), span(job["last_seen"] - job["first_seen"]))
    if now is None:
        yield from [UNKNOWN] * 4
    else:
        yield f"{now['cpu_percent']:.0f}"
        yield from map(amount, (now["read_rate"], now["write_rate"], now["net_rx_rate"] + now["net_tx_rate"]))
    yield from (amount(job["rss_peak_bytes"]), job["name"])


def _where(job: Answer) -> str:
    hosts: Sequence[str] = job["hosts"]
    return hosts[0] if len(hosts) == job["host_count"] == 1 else f"{job['host_count']} hosts"


def counts_line(counts: Answer) -> str:
    words = ", ".join(f"{counts[name]} {name}" for name in ("running", "idle", "held", "other"))
    return f"{counts['total']} jobs: {words}"


def job_lines(job: Answer) -> Iterator[str]:
    unnamed = job["host_count"] - len(job["hosts"])
    where = ", ".join(job["hosts"]) + (f" and {unnamed} more" if unnamed > 0 else "")
    yield f"{job['job']} on {job['cluster']}  {job['name']}  {job['user']}  {job['state']}  {where}"
    yield (
        f"time {span(job['last_seen'] - job['first_seen'])}   CPU {job['cpu_percent']['avg']:.0f} % of one core"
        f" ({part(job['cpu_efficiency'])} of what it asked for)   most {job['cpu_percent']['max']:.0f} %"
    )
    asked = "" if job["memory_bytes"] is None else f" of {amount(job['memory_bytes'])} asked for"
    yield f"memory at most {amount(job['rss_peak_bytes'])}{asked}   {job['max_processes']} processes"
    yield (
        f"read {amount(job['read_bytes'])}   written {amount(job['write_bytes'])}   network {amount(job['net_bytes'])}"
    )
    waits = {"a CPU": job["totals"].get("cpu_wait_ms", 0), "storage": job["totals"].get("io_wait_ms", 0)}
    if any(waits.values()):
        yield "all threads waited " + "   ".join(f"{span(ms / 1e3)} for {what}" for what, ms in waits.items() if ms)
    if job["gaps"]:
        yield f"{job['gaps']} gaps: the collector was away; totals are whole"


def plot_lines(series: Answer) -> Iterator[str]:
    """One plot for each figure that is not 0 all the time."""
    for one in series["series"]:
        points = [(point["time"], point["avg"]) for point in one["points"]]
        highest = max((point["max"] for point in one["points"]), default=0.0)
        if highest > 0:
            yield f"{LANES.get(one['metric'], one['metric'])}  up to {told(highest, one['unit'])}"
            columns = min(COLUMNS, max(2, len(points)))  # a short job has a short line, and no dots far from another
            yield from line_plot(spread(points, series["start"], series["end"], columns), HEIGHT)


NO_PATH = {
    "file": "(all other files)",
    "network": "(all other peers)",
    "unattributed": "(no file known: mapped or asynchronous)",
}


def files_table(files: Sequence[Answer]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("READ", "WRITTEN", "OPERATIONS", "TYPE", "FILE"):
        table.add_column(title, justify="left" if title in ("TYPE", "FILE") else "right", overflow="fold")
    for file in files:
        operations = str(file["read_ops"] + file["write_ops"])
        name = file["path"] or NO_PATH[file["traffic"]]
        cells = (amount(file["read_bytes"]), amount(file["write_bytes"]), operations, file["fs_type"], name)
        table.add_row(*map(printable, cells))
    return table


def processes_table(processes: Sequence[Answer]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("PID", "PARENT", "CPU TIME", "MEMORY", "READ", "WRITTEN", "THREADS", "HOST", "PROCESS"):
        table.add_column(title, justify="left" if title in ("HOST", "PROCESS") else "right", no_wrap=True)
    for process in processes:
        numbers = (process["pid"], process["ppid"], span((process["utime_ns"] + process["stime_ns"]) / 1e9))
        sizes = (amount(process[name]) for name in ("rss_bytes", "rchar", "wchar"))
        cells = (*numbers, *sizes, process["threads"], process["host"], process["name"])
        table.add_row(*map(printable, cells))
    return table


def connections_table(connections: Sequence[Answer]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("SENT", "RECEIVED", "ROUND TRIP", "PID", "PROTOCOL", "STATE", "PEER", "HOST"):
        justify = "right" if title in ("SENT", "RECEIVED", "ROUND TRIP", "PID") else "left"
        table.add_column(title, justify=justify, no_wrap=True)
    for one in connections:
        trip = f"{one['rtt_us'] / 1000:.3g} ms" if one["rtt_us"] else ""
        peer = f"{one['peer_addr']}:{one['peer_port']}"
        cells = (amount(one["sent"]), amount(one["received"]), trip, one["pid"], one["proto"], one["state"], peer)
        table.add_row(*map(printable, (*cells, one["host"])))
    return table


def compared_table(answer: Answer) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("", answer["first"]["job"], answer["second"]["job"], "×"):
        table.add_column(printable(title), justify="right" if title else "left")
    for row in answer["figures"]:
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
        cells = (
            row["figure"].replace("_", " "),
            told(row["first"], row["unit"]),
            told(row["second"], row["unit"]),
            ratio,
        )
        table.add_row(*map(printable, cells))
    return table


def verdict_lines(verdict: Answer) -> Iterator[str]:
    yield f"{verdict['cause'].replace('_', ' ')}: {verdict['sentence']}  ({part(verdict['confidence'])} sure)"
    for scheduler in ("htcondor", "slurm"):
        for line in verdict["change"][scheduler]:
            yield f"  {scheduler}: {line}"
    saved = [f"{value:.3g} {name.replace('_', ' ')}" for name, value in verdict["saving"].items() if value]
    if saved:
        yield f"  would save {', '.join(saved)}"
    for finding in verdict["also"]:
        yield f"also {finding['cause'].replace('_', ' ')}: {finding['sentence']}"


def part(share: float | None) -> str:
    return UNKNOWN if share is None else f"{100 * share:.0f} %"


def printable(text: object) -> Text:
    """What users chose: no markup, and no escape sequence for the terminal."""
    return Text(plain(str(text)))


def as_json(answer: object) -> str:
    """In ASCII: of other characters a terminal takes some for commands (U+009B as ESC [)."""
    return json.dumps(answer, indent=1)


def plain(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
