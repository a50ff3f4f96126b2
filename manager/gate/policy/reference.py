"""Writes docs/reference/policy.schema.json and the tables of docs/reference/policy.md from the models.

`python -m manager.gate.policy.reference` writes both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from manager.gate.policy.argument_test import ArgumentTest
from manager.gate.policy.document import Condition, PolicyDocument, Rate, Rule

SECTIONS: dict[str, type[BaseModel]] = {
    "file": PolicyDocument,
    "rule": Rule,
    "conditions": Condition,
    "arguments": ArgumentTest,
    "rate": Rate,
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text() -> str:
    """The JSON Schema of a policy file."""
    schema = {"$schema": DIALECT, **PolicyDocument.model_json_schema(by_alias=True)}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def page_with_tables(page: str) -> str:
    """The page with the table of each section made anew, between its marks."""
    for name, model in SECTIONS.items():
        table = "| key | meaning |\n|---|---|\n" + "".join(f"{row}\n" for row in _rows(model))
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        page = re.sub(f"{begin}.*?{end}", lambda _, table=table, b=begin, e=end: b + table + e, page, flags=re.DOTALL)
    return page


def _rows(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield f"| `{field.alias or name}` | {field.description} |"


def main() -> None:
    folder = Path(__file__).parents[3] / "docs" / "reference"
    (folder / "policy.schema.json").write_text(schema_text(), "utf-8")
    page = folder / "policy.md"
    page.write_text(page_with_tables(page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
