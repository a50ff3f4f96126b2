"""What the pages say about the ledger is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from audit.personal import PERSONAL_FIELDS
from audit.postgres_schema import GRANTS

DOCS = Path(__file__).parents[3] / "docs"


def test_the_rights_on_the_page_are_those_that_a_manager_needs() -> None:
    page = (DOCS / "how-to/postgresql.md").read_text(encoding="utf-8")
    assert re.findall(r"^GRANT .*$", page, re.MULTILINE) == GRANTS.format(role="ink_ledger").split("\n")[1:-1]


def test_the_page_names_exactly_the_personal_fields() -> None:
    page = (DOCS / "reference/ledger.md").read_text(encoding="utf-8")
    (fields,) = re.findall(r"\*\*Personal parts\*\* are the fields `([^`]+)`", page)
    assert fields.split() == sorted(PERSONAL_FIELDS)
