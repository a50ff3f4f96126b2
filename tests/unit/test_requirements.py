"""Requirements and tests agree in both directions, and the scanner sees what it should."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.requirements import MalformedRow, Requirement, find_marks, marks_in, parse_row, read_requirements, report

REQUIREMENTS = read_requirements()
MARKS = find_marks()


def test_ids_are_unique() -> None:
    ids = [row.id for row in REQUIREMENTS]
    assert sorted(set(ids)) == sorted(ids)


def test_every_promise_is_one_sentence() -> None:
    assert [row.id for row in REQUIREMENTS if not row.sentence.endswith(".")] == []


@pytest.mark.requirement("SETUP-REQ-01")
def test_every_mark_names_a_known_requirement() -> None:
    known = {row.id for row in REQUIREMENTS}
    assert [mark for mark in MARKS if mark.requirement not in known] == []


@pytest.mark.requirement("SETUP-REQ-01")
def test_every_done_requirement_has_a_test() -> None:
    marked = {mark.requirement for mark in MARKS}
    assert [row.id for row in REQUIREMENTS if row.status == "done" and row.id not in marked] == []


@pytest.mark.requirement("SETUP-REQ-01")
def test_the_command_lists_every_open_requirement() -> None:
    listing = subprocess.run(
        [sys.executable, "-m", "tests.requirements"], capture_output=True, text=True, check=True, timeout=30
    ).stdout
    assert [row.id for row in REQUIREMENTS if row.status == "open" and row.id not in listing] == []


def test_the_report_says_when_an_open_requirement_has_tests(tmp_path: Path) -> None:
    test = tmp_path / "test_some.py"
    test.write_text('import pytest\n\n@pytest.mark.requirement("A-B-01")\ndef test_it(): ...\n')
    rows = (Requirement("A-B-01", "open", 1, "talk", "It works."), Requirement("A-B-02", "done", 1, "talk", "Too."))

    lines = list(report(rows, find_marks(tmp_path)))

    assert lines[0].startswith("1  A-B-01") and lines[0].endswith("[has tests]")
    assert lines[-1] == "1 done, 1 open, 2 requirements"


def test_marks_of_modules_classes_and_parameters_are_found(tmp_path: Path) -> None:
    test = tmp_path / "test_some.py"
    test.write_text(
        "import pytest\n"
        'pytestmark = [pytest.mark.requirement("A-A-01")]\n'
        '@pytest.mark.requirement("A-A-02", "A-A-03")\n'
        "class TestSome: ...\n"
        'ROWS = [pytest.param(1, marks=pytest.mark.requirement("A-A-04"))]\n'
    )
    assert {mark.requirement for mark in marks_in(test)} == {"A-A-01", "A-A-02", "A-A-03", "A-A-04"}


@pytest.mark.parametrize(
    "line",
    [
        "| CORE-1 | open | 1 | talk | It works. |",
        "| CORE-JOBS-01 | maybe | 1 | talk | It works. |",
        "| CORE-JOBS-01 | open | soon | talk | It works. |",
        "| CORE-JOBS-01 | open | 1 | talk |",
    ],
)
def test_a_malformed_row_is_refused(line: str) -> None:
    with pytest.raises(MalformedRow):
        parse_row(line)
