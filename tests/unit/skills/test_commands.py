"""`ink skill`, as somebody who writes one uses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from manager.__main__ import app
from tests.unit.skills.test_format import GOOD, skill

RUN = CliRunner()


@pytest.mark.requirement("SKILL-CATALOG-01")
def test_the_skills_are_listed_and_one_is_shown() -> None:
    listed = RUN.invoke(app, ["skill", "list"])
    assert listed.exit_code == 0 and "cern-root" in listed.stdout
    shown = RUN.invoke(app, ["skill", "show", "hepjob"])
    assert "hep_sub" in shown.stdout and "sha256" in shown.stdout
    assert RUN.invoke(app, ["skill", "show", "knitting"]).exit_code == 1


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('```json\n{"tool": "list_jobs", "arguments": {"colour": "red"}}\n```', "colour: unknown field"),
        ('```json\n{"tool": "read_files", "arguments": {}}\n```', "no tool called"),
        ('```json\n{"tool": "cluster_status", "arguments": {}}\n```', "allowed-tools does not name it"),
        ("```json\nlist_jobs\n```", "no call"),
        ("```python\nprint(\n```", "Python example does not parse"),
        ("```bash\nif true\n```", "shell example does not parse"),
        ("Use `remove_jobs`.", "names the tool remove_jobs"),
    ],
)
def test_lint_says_what_is_wrong(tmp_path: Path, text: str, complaint: str) -> None:
    folder = skill(tmp_path, GOOD.replace("Text.", text))
    checked = RUN.invoke(app, ["skill", "lint", str(folder)])
    assert checked.exit_code == 1
    assert complaint in checked.stdout


def test_lint_has_nothing_to_say_of_a_good_skill(tmp_path: Path) -> None:
    assert RUN.invoke(app, ["skill", "lint", str(skill(tmp_path, GOOD))]).exit_code == 0


def test_a_skill_is_tried_by_its_questions(tmp_path: Path) -> None:
    folder = skill(tmp_path, GOOD.replace("Text.", "How to knit a scarf."))
    assert RUN.invoke(app, ["skill", "test", str(folder)]).exit_code == 2
    (folder / "evaluation.yaml").write_text("questions: [knit a scarf]")
    assert "1 questions find it" in RUN.invoke(app, ["skill", "test", str(folder)]).stdout
    (folder / "evaluation.yaml").write_text("questions: [why is my job held]")
    tried = RUN.invoke(app, ["skill", "test", str(folder)])
    assert tried.exit_code == 1 and "finds hepjob" in tried.stdout


def test_examples_are_run_only_where_one_asks_for_it(tmp_path: Path) -> None:
    folder = skill(tmp_path, GOOD.replace("Text.", "Scarf.\n\n```python\nopen('made', 'w')\nraise SystemExit(3)\n```"))
    (folder / "evaluation.yaml").write_text("questions: [scarf]\ncode: {python: {needs: json}}")
    assert RUN.invoke(app, ["skill", "test", str(folder)]).exit_code == 0
    ran = RUN.invoke(app, ["skill", "test", str(folder), "--run"])
    assert ran.exit_code == 1 and "a Python example failed" in ran.stdout
