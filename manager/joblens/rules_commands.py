"""`ink joblens rules`: check a file of rules, and try one on what the store holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ink_core.errors import BadInput, InkError
from manager.command_line import Config, Profile, fail, out, settings_of

if TYPE_CHECKING:
    from joblens.rules.backtest import Backtest

SHOWN = 50

app = typer.Typer(no_args_is_help=True, help="The rules that watch running jobs.")

File = Annotated[Path | None, typer.Argument(help="A file of rules; default: the one of the settings.")]


@app.command("check")
def check(file: File = None, profile: Profile = "embedded", config: Config = None) -> None:
    """Say whether a file of rules is valid, and where it is not."""
    from manager.joblens.rules_file import load_rules

    try:
        rules = load_rules(file or settings_of(profile, config).joblens.rules_file)
    except InkError as error:
        fail(error)
    out.print(f"valid: {len(rules.rules)} rules")
    for rule in rules.rules:
        then = ["capture"] * bool(rule.capture) + ["warn"] * rule.warn + ([rule.act.tool] if rule.act else [])
        out.print(f"  {rule.name}: {', '.join(then)}{' (dry run)' if rule.dry_run or rules.dry_run else ''}")


@app.command("backtest")
def backtest(
    file: File = None,
    cluster: Annotated[str | None, typer.Option(help="Jobs of this cluster; default: of all.")] = None,
    days: Annotated[float, typer.Option(min=0.01, max=36_600, help="Jobs of so many days.")] = 7.0,
    jobs: Annotated[int, typer.Option(min=1, max=100_000, help="The newest so many.")] = 1000,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Tell what the rules would have done on the jobs that the store holds. Nothing is done."""
    from joblens.rules.backtest import backtest as tried
    from joblens.store.trace_store import JobQuery
    from manager.joblens.lens import store_of
    from manager.joblens.rules_file import load_rules

    since = (datetime.now(UTC) - timedelta(days=days)).timestamp()
    try:
        settings = settings_of(profile, config).joblens
        if not settings.enabled:
            raise BadInput("JobLens is switched off in the settings, so there is no store to look into")
        rules = load_rules(file or settings.rules_file)
        store = store_of(settings)
        try:
            tell(tried(store, rules, JobQuery(cluster=cluster, since=since), max_jobs=jobs))
        finally:
            store.close()
    except InkError as error:
        fail(error)


def tell(found: Backtest) -> None:
    from joblens.rules.events import Act, LeftOut, StartCapture, Warn
    from manager.joblens.views import printable

    more = " (there are more: --jobs)" if found.more else ""
    out.print(f"{found.jobs} jobs{more}: {found.count(StartCapture)} captures, {found.count(Warn)} warnings, "
              f"{found.count(Act)} actions, {found.count(LeftOut)} left out for want of budget")  # fmt: skip
    for rule, times in found.fired().most_common():
        out.print(f"  {rule}: {times}")
    for told in found.instructions[:SHOWN]:
        moment = datetime.fromtimestamp(told.fired.time, UTC).isoformat(timespec="seconds")
        figures = ", ".join(f"{name} {value:.6g}" for name, value in told.fired.evidence.items())
        line = f"{moment}  {told.fired.key.job}  {told.fired.rule}  {type(told).__name__}  {figures}"
        out.print(printable(line), highlight=False)
    if len(found.instructions) > SHOWN:
        out.print(f"… and {len(found.instructions) - SHOWN} more")
