"""The published schema and page are those that the code makes, and what they show is a policy."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from manager.gate.policy.reference import SECTIONS, page_with_tables, schema_text
from manager.gate.policy_file import default_text, parse_policy

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
PAGE = (REFERENCE / "policy.md").read_text("utf-8")
EXAMPLE = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0]
AGAIN = "run python -m manager.gate.policy.reference"


def test_the_published_schema_is_the_one_that_the_code_makes() -> None:
    assert (REFERENCE / "policy.schema.json").read_text("utf-8") == schema_text(), AGAIN


def test_the_page_has_the_tables_that_the_code_makes() -> None:
    assert page_with_tables(PAGE) == PAGE, AGAIN


def test_every_key_of_a_policy_says_what_it_means() -> None:
    silent = [
        f"{section}.{name}"
        for section, model in SECTIONS.items()
        for name, field in model.model_fields.items()
        if not field.description
    ]
    assert silent == []


@pytest.mark.parametrize("text", [EXAMPLE, default_text()], ids=["page", "default"])
def test_shown_policies_are_valid_by_the_code_and_by_the_schema(text: str) -> None:
    parse_policy(text, "shown")
    schema: dict[str, Any] = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(yaml.safe_load(text), schema)


def test_the_schema_refuses_an_unknown_key() -> None:
    with pytest.raises(jsonschema.ValidationError, match="colour"):
        jsonschema.validate({"version": 1, "rules": [], "colour": "red"}, json.loads(schema_text()))
