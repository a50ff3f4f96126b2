"""`ink joblens rules`: what the commands say."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from joblens.store.embedded import EmbeddedStore
from manager.joblens.rules_commands import app
from tests.unit.joblens.lens_site import measured

BUSY = """version: 1
rules:
  - name: busy
    text: It computes.
    when:
      - {metric: cpu_percent, above: 50}
    capture: {duration: 60s}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "rules.yaml").write_text(BUSY)
    return tmp_path / "rules.yaml"


def test_a_valid_file_is_told_with_what_its_rules_do(rules: Path) -> None:
    said = CliRunner().invoke(app, ["check", str(rules)])
    assert (said.exit_code, said.output.splitlines()) == (0, ["valid: 1 rules", "  busy: capture, warn"])


def test_a_mistake_ends_in_a_failure_that_names_its_line(rules: Path) -> None:
    rules.write_text(BUSY.replace("cpu_percent", "cpu"))
    said = CliRunner().invoke(app, ["check", str(rules)])
    assert said.exit_code == 1
    assert ":6:" in said.output and "there is no figure 'cpu'" in said.output


@pytest.mark.requirement("LENS-RULES-03")
def test_a_back_test_tells_what_would_have_been_done(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INK_DATA_DIR", str(rules.parent))
    store = EmbeddedStore(rules.parent / "joblens.db", max_bytes=1 << 30)
    store.write([measured("172.0")])
    store.close()
    said = CliRunner().invoke(app, ["backtest", str(rules), "--days", "36500"])
    assert said.exit_code == 0, said.output
    assert said.output.splitlines()[0] == "1 jobs: 1 captures, 1 warnings, 0 actions, 0 left out for want of budget"
    assert "172.0  busy  StartCapture  cpu_percent 100" in said.output
