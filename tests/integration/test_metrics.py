"""What the manager and the collectors tell Prometheus, and that alert rules and the reference know exactly that."""

from __future__ import annotations

import ast
import asyncio
import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from audit.ledger import ChainMoved, LedgerUnavailable, Record
from audit.memory import MemoryLedger
from ink_core.clock import SystemClock
from manager.metrics.counts import Counts
from manager.metrics.loop_lag import EVERY_S, watch_the_loop
from manager.metrics.measured_ledger import MeasuredLedger
from manager.metrics.served import Served, area_of
from tests.security.application import application, client, signed_in

ROOT = Path(__file__).parents[2]
ALERTS = ROOT / "deploy" / "alerts"
OURS = re.compile(r"\bink_[a-z0-9_]+")
pytestmark = pytest.mark.requirement("DEPLOY-METRICS-01")


def promtool() -> str | None:
    return shutil.which("promtool", path=f"{ROOT / '.venv/bench'}:{os.environ.get('PATH', '')}")


@pytest.fixture(scope="module")
def scraped(tmp_path_factory: pytest.TempPathFactory) -> str:
    async def scrape() -> str:
        async with application(tmp_path_factory.mktemp("data")) as app, client(app) as http:
            answer = await http.get("/metrics", headers=await signed_in(app, "root-of-ink", is_admin=True))
            assert answer.status_code == 200
            return answer.text

    return asyncio.run(scrape())


def of_collector() -> dict[str, tuple[str, str]]:
    """Kind and meaning by name, as the collector's code has them."""
    found: dict[str, tuple[str, str]] = {}
    for module in ("collector.py", "self_metrics.py"):
        tree = ast.parse((ROOT / "joblens/collector" / module).read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Metric":
                name, kind, meaning = (ast.literal_eval(word) for word in node.args[:3])
                found[f"ink_joblens_collector_{name}"] = kind, meaning
    return found


def of_manager(text: str) -> dict[str, tuple[str, str]]:
    families = [each for each in text_string_to_metric_families(text) if each.name.startswith("ink_")]
    families = [each for each in families if not each.name.endswith("_created")]
    suffix = {"counter": "_total"}
    return {each.name + suffix.get(each.type, ""): (each.type, each.documentation) for each in families}


def documented() -> dict[str, tuple[str, str]]:
    page = (ROOT / "docs/reference/metrics.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("| `ink_")
    ]
    return {name.strip("`"): (kind, meaning) for name, kind, _, meaning in rows}


def test_the_reference_lists_every_metric_with_its_kind_and_meaning(scraped: str) -> None:
    assert documented() == {**of_manager(scraped), **of_collector()}


def test_every_metric_of_an_alert_rule_exists(scraped: str) -> None:
    known = {**of_manager(scraped), **of_collector()}
    series = {f"{name}{end}" for name, (kind, _) in known.items() for end in ENDS.get(kind, ("",))}
    rules: Any = yaml.safe_load((ALERTS / "ink.rules.yml").read_text("utf-8"))
    used = {name for group in rules["groups"] for rule in group["rules"] for name in OURS.findall(rule["expr"])}
    assert used - series == set()
    assert any(name.startswith("ink_joblens_collector_") for name in used) and len(used) > 15


ENDS = {"histogram": ("_bucket", "_count", "_sum")}


@pytest.mark.skipif(promtool() is None, reason="promtool is missing (scripts/install-test-tools.sh)")
@pytest.mark.parametrize("argv", [("check", "rules", "ink.rules.yml"), ("test", "rules", "ink.test.yml")])
def test_prometheus_takes_the_rules_and_they_fire_when_they_should(argv: tuple[str, ...]) -> None:
    done = subprocess.run(
        [promtool() or "", *argv], cwd=ALERTS, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


async def test_no_label_is_what_somebody_outside_chose(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        counts = Counts()
        served = client(Served(app, counts))
        admin = await signed_in(app, "root-of-ink", is_admin=True)
        for path in (
            "/api/v1/users/mallory-7",
            "/mallory-7",
            "/api/v1/jobs/local/7?secret=mallory-7",
            "/mcp/mallory-7",
        ):
            await served.get(path, headers=admin)
        text = (await http.get("/metrics", headers=admin)).text
        assert (await http.get("/metrics", headers=await signed_in(app, "alice"))).status_code == 403
    assert "mallory-7" not in text and "root-of-ink" not in text and "alice" not in text
    counted = [sample for metric in counts.registry.collect() for sample in metric.samples]
    assert not any("mallory-7" in value for sample in counted for value in sample.labels.values())
    assert sum(sample.value for sample in counted if sample.name == "ink_requests_total") == 4


@pytest.mark.parametrize(
    ("path", "area"),
    [("/api/v1/sessions/s1", "sessions"), ("/api/v1/sessionsx", "v1"), ("/api/v2/cr/query_jobs", "v2"), ("/x", "page")],
)
def test_requests_are_counted_by_the_area_of_their_path(path: str, area: str) -> None:
    assert area_of(path) == area


class FullDisk(MemoryLedger):
    async def append(self, chain: str, *records: Record) -> Any:
        raise LedgerUnavailable("the disk is full")


async def test_what_is_recorded_is_counted_and_so_is_what_could_not_be() -> None:
    counts = Counts()
    ledger = MeasuredLedger(MemoryLedger(SystemClock()), counts)
    used = {"turn": 1, "prompt_tokens": 100, "completion_tokens": 7}
    asked = {"turn": 1, "model": "site", "trust": "site"}
    await ledger.append("session:s1", Record("model.asked", asked), Record("model.replied", used))
    with pytest.raises(LedgerUnavailable):
        await MeasuredLedger(FullDisk(SystemClock()), counts).append("session:s1", Record("turn.ended", {}))
    with pytest.raises(ChainMoved):  # is decided again, and no failure
        await ledger.append("session:s1", Record("call.intent", {}, {"locks": 1}))

    def value(name: str, **labels: str) -> float | None:
        return counts.registry.get_sample_value(name, labels)

    assert value("ink_events_total", event="model_replied") == 1
    assert value("ink_model_requests_total", model="site") == 1
    assert (value("ink_model_tokens_total", kind="prompt"), value("ink_model_tokens_total", kind="completion")) == (
        100,
        7,
    )
    assert (value("ink_ledger_append_seconds_count"), value("ink_ledger_append_failures_total")) == (1, 1)
    assert len(await ledger.read("session:s1")) == 2


async def test_who_keeps_the_event_loop_busy_shows() -> None:
    counts, busy_s = Counts(), 0.5
    watching = asyncio.ensure_future(watch_the_loop(counts))
    await asyncio.sleep(0)
    began = time.perf_counter()
    while time.perf_counter() - began < busy_s:
        pass
    while not counts.registry.get_sample_value("ink_event_loop_lag_seconds_count"):
        await asyncio.sleep(0.01)
    watching.cancel()
    assert (counts.registry.get_sample_value("ink_event_loop_lag_seconds_sum") or 0) >= busy_s - EVERY_S
