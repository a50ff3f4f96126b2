"""`ink joblens`: what jobs do on their nodes, over the REST interface; and the collector of a node.

The collector is a program of its own (`python -m joblens`). The token of the other commands is that of `ink login`.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Any, NoReturn
from urllib.parse import quote

import typer

from ink_core.compute.job_ids import first_of
from ink_core.errors import BadInput, InkError, NotFound
from joblens.captures.capture import Detail
from manager.command_line import Config, Profile, do, fail, out, settings_of
from manager.joblens import rules_commands

app = typer.Typer(no_args_is_help=True, help="What batch jobs do on their nodes.")
app.add_typer(rules_commands.app, name="rules")
JobId = Annotated[
    str, typer.Argument(help="As its scheduler says it: 172.0 or 67890; 172 is 172.0 too.", show_default=False)
]
Cluster = Annotated[str | None, typer.Option(help="Where two clusters have the same id.")]
AsJson = Annotated[bool, typer.Option("--json", help="The answer of the REST interface as it is.")]
JOBS = "/api/v1/joblens/jobs"
SHOWN_FILES = 10
SHOWN_PROCESSES = 40
SHOWN_FUNCTIONS = 12
MOST_STACKS = 10_000
WIDE = 240
WHEN_RECORDED = "a job is recorded seconds after it began, where a collector runs on its node"


@app.command()
def collect(
    config: Annotated[str | None, typer.Option(help="Settings of the collector (TOML).")] = None,
    check: Annotated[bool, typer.Option("--check", help="Read the settings and collect nothing.")] = False,
) -> None:
    """Observe the jobs of this host until a signal comes; as root, or with the capabilities of its systemd unit."""
    options = [*(["--config", config] if config else []), *(["--check"] if check else [])]
    # In place of this process: the collector has to be small, and does without what `ink` has loaded.
    # Isolated: root imports nothing from the folder that it happens to be in.
    os.execv(sys.executable, [sys.executable, "-I", "-m", "joblens", "collect", *options])  # noqa: S606


@app.command("node-token")
def node_token(
    host: Annotated[
        str,
        typer.Option(help="The node that it reports for; or a pattern: 'node1*', or '*' for all.", show_default=False),
    ],
    days: Annotated[float, typer.Option(help="How long it lives.", min=1, max=366)] = 366,
    account: Annotated[
        str, typer.Option(help="The account of the collectors; made where it is not there.")
    ] = "joblens",
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Print a token for the collector on a node: it reports measurements of that node, and reads nothing. This once."""
    from manager.identity import open_identity
    from manager.joblens.lens import make_node_token

    try:
        identity = open_identity(settings_of(profile, config), create=False)
    except InkError as error:
        fail(error)
    out.print(do(make_node_token(identity, account, host, timedelta(days=days))), highlight=False)


@app.command("ls")
def list_jobs(
    q: Annotated[str, typer.Argument(help="Part of an id, a name or a user.")] = "",
    cluster: Annotated[str | None, typer.Option(help="Jobs of this cluster.")] = None,
    user: Annotated[str | None, typer.Option(help="Jobs of this user (administrators).")] = None,
    state: Annotated[str | None, typer.Option(help="running, ended or lost.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Measured jobs, newest first."""
    from manager.joblens.views import counts_line, jobs_table

    asked = {"q": q, "cluster": cluster, "user": user, "state": state, "limit": limit}
    page = _get(profile, config, JOBS, **asked)
    if as_json:
        _print_json(page)
    if not page["jobs"]:
        out.print(f"Nothing is recorded: {WHEN_RECORDED} (docs/how-to/joblens-collector.md).", highlight=False)
        return
    _print_table(jobs_table(page))
    out.print(counts_line(page["counts"]), highlight=False)


@app.command()
def show(
    job: JobId, cluster: Cluster = None, as_json: AsJson = False, profile: Profile = "embedded", config: Config = None
) -> None:
    """One job: what it used, over time, on which files; and what a capture saw, if there was one."""
    from manager.joblens.stacks import functions_table
    from manager.joblens.views import LANES, connections_table, files_table, job_lines, plot_lines, processes_table

    path = _path(profile, config, job, cluster)
    found = _get(profile, config, path)
    series = _get(profile, config, f"{path}/series", metric=list(LANES))
    files = _get(profile, config, f"{path}/files", limit=SHOWN_FILES)
    processes = _get(profile, config, f"{path}/processes")
    connections, stacks = (_get(profile, config, f"{path}/{name}") for name in ("connections", "stacks"))
    if as_json:
        captured = {"processes": processes, "connections": connections, "stacks": stacks}
        _print_json({"job": found, "series": series, "files": files, **captured})
    _print_lines([*job_lines(found), "", *plot_lines(series), ""])
    if files:
        _print_table(files_table(files))
    if processes:
        out.print()
        _print_table(processes_table(processes[:SHOWN_PROCESSES]))
    if connections:
        out.print()
        _print_table(connections_table(connections[:SHOWN_PROCESSES]))
    if stacks:
        out.print()
        _print_table(functions_table(stacks, SHOWN_FUNCTIONS))


@app.command()
def stacks(
    job: JobId, cluster: Cluster = None, as_json: AsJson = False, profile: Profile = "embedded", config: Config = None
) -> None:
    """In which calls a job spent its CPU time during its newest capture, in the form of flame graphs."""
    from manager.joblens.stacks import folded_lines

    found = _get(profile, config, f"{_path(profile, config, job, cluster)}/stacks", limit=MOST_STACKS)
    if as_json:
        _print_json(found)
    if not found:
        fail(
            NotFound(
                f"no stacks of job {job} were sampled: `ink joblens capture {job}` does while it runs, and the first "
                "show some seconds after it began"
            )
        )
    _print_lines(list(folded_lines(found)))


@app.command()
def top(
    interval: Annotated[float, typer.Option(help="Seconds between two looks.", min=1)] = 5,
    rounds: Annotated[
        int | None, typer.Option(help="How often; default: until Ctrl-C, and once into a pipe or a file.", min=1)
    ] = None,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Running jobs as they are now, those with the most CPU first, again and again."""
    from rich.console import Group
    from rich.live import Live

    from manager.joblens.views import busiest, counts_line, now_table

    def look() -> Group:
        page = _get(profile, config, JOBS, state="running", limit=1000)
        return Group(counts_line(page["counts"]), now_table(busiest(page["jobs"])[: max(1, out.height - 4)]))

    if rounds is None and not out.is_terminal:
        _print_table(look())
        return
    try:
        with Live(look(), console=out, auto_refresh=False) as live:
            done = 1
            while rounds is None or done < rounds:
                time.sleep(interval)
                live.update(look(), refresh=True)
                done += 1
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


@app.command()
def capture(
    job: JobId,
    cluster: Cluster = None,
    seconds: Annotated[float, typer.Option(help="How long.", min=1, max=3600)] = 300,
    interval: Annotated[float, typer.Option(help="Seconds between two samples.", min=0.5, max=60)] = 1,
    detail: Annotated[
        list[Detail] | None, typer.Option(help="What to sample; give it once for each. Default: everything.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    as_json: AsJson = False,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Look closer at a running job for a while: its processes, connections, files and functions."""
    from manager.remote import post_json

    path = _path(profile, config, job, cluster)
    body: dict[str, object] = {"seconds": seconds, "interval_s": interval, "reason": reason}
    body |= {"details": detail} if detail else {}
    try:
        made = post_json(settings_of(profile, config), f"{path}/captures", body)
    except InkError as error:
        fail(error)
    if as_json:
        _print_json(made)
    _print_lines(
        [
            f"capture {made['capture_id']} of job {made['job']} runs for {seconds:g} s",
            f"what it finds, its processes and functions too: ink joblens show {made['job']}",
        ]
    )


@app.command()
def compare(
    job: JobId,
    other: Annotated[str, typer.Argument(help="The second job.", show_default=False)],
    cluster: Cluster = None,
    as_json: AsJson = False,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Two jobs figure by figure."""
    from manager.joblens.views import compared_table

    first, second = _find(profile, config, job, cluster), _find(profile, config, other, cluster)
    asked = {
        "cluster": first["cluster"],
        "job": first["job"],
        "other_cluster": second["cluster"],
        "other": second["job"],
    }
    answer = _get(profile, config, "/api/v1/joblens/compare", **asked)
    if as_json:
        _print_json(answer)
    _print_table(compared_table(answer))


@app.command()
def verdict(
    job: JobId, cluster: Cluster = None, as_json: AsJson = False, profile: Profile = "embedded", config: Config = None
) -> None:
    """What a job is bound by, and what to change in its submit file."""
    from manager.joblens.views import verdict_lines

    found = _get(profile, config, f"{_path(profile, config, job, cluster)}/verdict")
    if as_json:
        _print_json(found)
    _print_lines(list(verdict_lines(found)))


def _path(profile: str, config: Any, job: str, cluster: str | None) -> str:
    found = {"cluster": cluster, "job": job} if cluster else _find(profile, config, job, None)
    return f"{JOBS}/{quote(found['cluster'], safe='')}/{quote(found['job'], safe='')}"


def _find(profile: str, config: Any, job: str, cluster: str | None) -> Mapping[str, Any]:
    """The job of this id, wherever it is; the id of an HTCondor cluster alone (`12`) is its first job (`12.0`).

    Ends the command where there is none, or more than one.
    """
    from manager.joblens.views import plain

    rows = [row for row in _all(profile, config, q=job, cluster=cluster) if row["job"] in (job, first_of(job))]
    found = [row for row in rows if row["job"] == job] or rows
    if not found:
        fail(NotFound(f"JobLens has no record of a job {job} of yours: {WHEN_RECORDED}; `ink joblens ls` lists them"))
    if len(found) > 1:
        where = " and ".join(plain(row["cluster"]) for row in found)
        fail(BadInput(f"job {job} is on {where}; name one with --cluster"))
    return found[0]


def _all(profile: str, config: Any, **asked: Any) -> Iterator[Mapping[str, Any]]:
    """The list of jobs, page after page."""
    cursor: str | None = None
    while True:
        page = _get(profile, config, JOBS, limit=1000, cursor=cursor, **asked)
        yield from page["jobs"]
        cursor = page["next_cursor"]
        if cursor is None:
            return


def _get(profile: str, config: Any, path: str, **asked: Any) -> Any:
    from manager.remote import get

    given = {name: value for name, value in asked.items() if value not in (None, "")}
    try:
        return get(settings_of(profile, config), path, given)
    except InkError as error:
        fail(error)


def _print_lines(lines: list[str]) -> None:
    from manager.joblens.views import plain

    for line in lines:
        typer.echo(plain(line))


def _print_table(table: Any) -> None:
    """Nothing is cut for a program that reads it."""
    from rich.console import Console

    (out if out.is_terminal else Console(width=WIDE)).print(table)


def _print_json(answer: object) -> NoReturn:
    from manager.joblens.views import as_json

    typer.echo(as_json(answer))
    raise typer.Exit(0)
