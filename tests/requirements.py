"""What the product promises: one row per feature of the talk and of the design, and which tests cover it.

The rows stand in ``tests/required/*.md``, one table per domain. A test covers a row by
``@pytest.mark.requirement("ID")``. Marks are found in the source and not by running, so a skipped test counts too.
``python -m tests.requirements`` lists what is still open; ``tests/unit/test_requirements.py`` enforces both directions.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

HERE = Path(__file__).parent
Status = Literal["open", "done"]
ID_PATTERN = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*-\d\d")


@dataclass(frozen=True)
class Requirement:
    """One promise. `source` says where it was made, `issue` in which step of the plan it belongs."""

    id: str
    status: Status
    issue: int
    source: str
    sentence: str


@dataclass(frozen=True)
class Mark:
    """A `requirement` mark in a test file."""

    requirement: str
    file: str
    line: int


class MalformedRow(ValueError):
    """A table row that is no requirement."""


def parse_row(line: str) -> Requirement:
    cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
    if len(cells) != 5 or not all(cells):
        raise MalformedRow(f"a row has five filled cells, this one has not: {line.strip()}")
    id_, status, issue, source, sentence = cells
    if not ID_PATTERN.fullmatch(id_) or status not in get_args(Status) or not issue.isdecimal():
        raise MalformedRow(f"id, status or issue is not one: {line.strip()}")
    return Requirement(id_, "done" if status == "done" else "open", int(issue), source, sentence)


def read_requirements(folder: Path = HERE / "required") -> tuple[Requirement, ...]:
    rows = [line for file in sorted(folder.glob("*.md")) for line in file.read_text("utf-8").splitlines()]
    return tuple(parse_row(line) for line in rows if line.startswith("| ") and not line.startswith("| id "))


def find_marks(folder: Path = HERE) -> tuple[Mark, ...]:
    return tuple(mark for file in sorted(folder.rglob("test_*.py")) for mark in marks_in(file))


def marks_in(file: Path) -> Iterator[Mark]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.requirement":
            for argument in node.args:
                yield Mark(ast.literal_eval(argument), file.as_posix(), node.lineno)


def report(requirements: tuple[Requirement, ...], marks: tuple[Mark, ...]) -> Iterator[str]:
    """The open rows by issue, then the totals; an open row that tests already mark says so."""
    marked = {mark.requirement for mark in marks}
    for row in sorted((r for r in requirements if r.status == "open"), key=lambda r: (r.issue, r.id)):
        note = "  [has tests]" if row.id in marked else ""
        yield f"{row.issue}  {row.id:<18} {row.sentence}{note}"
    done = sum(row.status == "done" for row in requirements)
    yield f"{done} done, {len(requirements) - done} open, {len(requirements)} requirements"


if __name__ == "__main__":
    print("\n".join(report(read_requirements(), find_marks())))
