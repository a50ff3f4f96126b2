"""The OpenAPI document says of every operation what a client needs, and is the one that is kept in the repository."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from manager.api.openapi.__main__ import text
from manager.api.openapi.tables import table

KEPT = Path(__file__).parents[3] / "docs/reference/openapi.json"
METHODS = {"get", "head", "post", "put", "patch", "delete", "options"}


@pytest.fixture(scope="module")
def made() -> str:
    return asyncio.run(text())


@pytest.fixture(scope="module")
def document(made: str) -> dict[str, Any]:
    return json.loads(made)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS & item.keys():
            yield f"{method} {path}", item[method]


def faults(document: dict[str, Any], operation: dict[str, Any]) -> list[str]:
    """What an operation lacks."""
    missing = [name for name in ("summary", "description", "tags", "operationId") if not operation.get(name)]
    if "security" not in operation:
        missing.append("security")
    if not any(status.startswith("4") for status in operation["responses"]):
        missing.append("error responses")
    media = list(operation.get("requestBody", {}).get("content", {}).values())
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            media += answer.get("content", {}).values()
    if any("example" not in one for one in media):
        missing.append("example")
    if any("example" not in one for one in operation.get("parameters", ()) if one["in"] == "path"):
        missing.append("example of a path parameter")
    return missing


def test_the_document_in_the_repository_is_that_of_the_routes(made: str) -> None:
    assert KEPT.read_text() == made, "the interface has changed: run `make api` and commit docs/reference/openapi.json"


def test_every_operation_has_what_a_client_needs(document: dict[str, Any]) -> None:
    found = {name: faults(document, operation) for name, operation in operations(document)}
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        (lambda one: one.pop("summary"), "summary"),
        (lambda one: one.update(tags=[]), "tags"),
        (lambda one: one.update(responses={"201": one["responses"]["201"]}), "error responses"),
        (lambda one: one["requestBody"]["content"]["application/json"].pop("example"), "example"),
        (lambda one: one["responses"]["201"]["content"]["application/json"].pop("example"), "example"),
    ],
)
def test_an_operation_that_lacks_something_is_found(document: dict[str, Any], left_out: Any, said: str) -> None:
    operation = deepcopy(document["paths"]["/api/v1/jobs"]["post"])
    left_out(operation)
    assert faults(document, operation) == [said]


def test_operations_have_names_of_their_own_in_one_form(document: dict[str, Any]) -> None:
    names = Counter(operation["operationId"] for _, operation in operations(document))
    assert [name for name, times in names.items() if times > 1 or not re.fullmatch("[a-z][a-z0-9_]+", name)] == []


def test_every_change_through_the_gate_can_be_sent_again_without_harm(document: dict[str, Any]) -> None:
    """But an upload, which goes on where it stands."""
    changes = {
        operation["operationId"]: {parameter["name"] for parameter in operation.get("parameters", ())}
        for name, operation in operations(document)
        if re.match("(post|put|patch|delete) /api/v1/", name)
        if "waits_for_approval" in str(operation["responses"].get("409"))
    }
    unkeyed = {name for name, parameters in changes.items() if "Idempotency-Key" not in parameters}
    assert unkeyed == {"create_upload", "append_to_upload", "abort_upload"}


def test_schemas_have_names_that_tell_nothing_of_modules(document: dict[str, Any]) -> None:
    assert [name for name in document["components"]["schemas"] if "__" in name] == []


def test_every_example_is_what_its_schema_says(document: dict[str, Any]) -> None:
    wrong: list[str] = []
    for name, operation in operations(document):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for body in (body for body in bodies if "$ref" not in body):
            for media in (one for one in body.get("content", {}).values() if "example" in one):
                schema = {**media.get("schema", {}), "components": document["components"]}
                wrong += [
                    f"{name}: {one.message}" for one in Draft202012Validator(schema).iter_errors(media["example"])
                ]
    assert wrong == []


def test_error_examples_are_the_problems_that_they_describe(document: dict[str, Any]) -> None:
    schema = document["components"]["schemas"]["Problem"]
    for code, example in document["components"]["examples"].items():
        Draft202012Validator(schema).validate(example["value"])
        assert example["value"]["code"] == code


def test_the_tables_name_only_what_is_there(document: dict[str, Any]) -> None:
    names = {operation["operationId"] for _, operation in operations(document)}
    told = table("operations")
    named = {*told["problems"]["operations"], *told["bodies"], *told["parts"], *told["requests"], *told["headers_of"]}
    assert named - names == set()
    assert set(told["problems"]["tags"]) - {tag["name"] for tag in document["tags"]} == set()
    assert {f"/api/v2/{path}" for path in table("ink_v2")} - set(document["paths"]) == set()
    schemas = document["components"]["schemas"]
    assert set(table("examples")["models"]) - set(schemas) == set()
    fields = [name.split(".") for name in table("examples")["fields"] if "." in name]
    assert [pair for pair in fields if pair[1] not in schemas.get(pair[0], {}).get("properties", ())] == []


def test_each_interface_names_the_credentials_that_it_takes(document: dict[str, Any]) -> None:
    ways = {
        name: {way for one in operation["security"] for way in one}
        for name, operation in operations(document)
        if operation["security"]
    }
    assert ways["get /api/v3/jobs"] == {"bearer"}
    assert ways["get /api/v2/cr/query_jobs"] == {"bearer", "session", "ink_token"}
    assert ways["get /api/v1/jobs"] == {"bearer", "session"}
