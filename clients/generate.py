"""Makes `clients/python/ink_client/rest` from `docs/reference/openapi.json`: `python -m clients.generate`.

INK's own routes are left out, for which clients exist, and what the generator cannot say in types: streams of events,
which `ink_client.events` follows, and resumable uploads, which are a protocol of their own (tus).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.locked_environment import ROOT, LockedEnvironment

GENERATOR = LockedEnvironment("client-generator")
DOCUMENT = ROOT / "docs/reference/openapi.json"
REST = ROOT / "clients/python/ink_client/rest"
LEFT_OUT = ("/api/v2/", "/api/v3/", "/api/v1/files/uploads", "/v1/")
BYTES = ("application/zip", "application/x-tar", "application/gzip", "application/x-asciicast")
EVENTS = "text/event-stream"
WITH_TOKEN = "@define\nclass AuthenticatedClient"
"""Whose representation would show the token in every traceback."""
DOCSTRING = '"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""\n\n'


def generate(target: Path) -> None:
    """The package at `target`, in this project's format. Raises `SystemExit` for what was not understood."""
    python = GENERATOR.install()
    with tempfile.TemporaryDirectory() as folder:
        made, document, config = Path(folder) / "rest", Path(folder) / "openapi.json", Path(folder) / "config.json"
        document.write_text(json.dumps(for_clients(json.loads(DOCUMENT.read_text()))))
        bytes_of = dict.fromkeys(BYTES, "application/octet-stream")
        config.write_text(json.dumps({"post_hooks": [], "content_type_overrides": bytes_of}))
        argv = [python, "-m", "openapi_python_client", "generate", "--fail-on-warning", "--meta", "none"]
        done = subprocess.run(
            [*argv, "--path", document, "--config", config, "--output-path", made],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise SystemExit(f"the client could not be made:\n{done.stdout}{done.stderr}")
        _finish(made)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(made, target)


def for_clients(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what is left out."""
    paths = {path: item for path, item in document["paths"].items() if not path.startswith(LEFT_OUT)}
    kept = {path: {how: one for how, one in item.items() if not _is_stream(one)} for path, item in paths.items()}
    document["paths"] = {path: item for path, item in kept.items() if item}
    for item in document["paths"].values():
        for one in item.values():
            one["responses"] = {
                status: answer for status, answer in one["responses"].items() if _has_type(status, answer)
            }
    schemas, used = document["components"]["schemas"], set[str]()
    _collect(document["paths"], schemas, used)
    _collect(document["components"]["responses"], schemas, used)
    document["components"]["schemas"] = {name: schema for name, schema in schemas.items() if name in used}
    return document


def _is_stream(operation: dict[str, Any]) -> bool:
    return any(EVENTS in answer.get("content", {}) for answer in operation["responses"].values())


def _has_type(status: str, answer: dict[str, Any]) -> bool:
    """A status without a body that is no success (304, 416) would make the type of the whole answer unknown."""
    return status.startswith("2") or "content" in answer or "$ref" in answer


def _collect(part: Any, schemas: dict[str, Any], used: set[str]) -> None:
    """Names of the schemas that this part of the document names, and that those name."""
    for name in _named(part):
        if name not in used:
            used.add(name)
            _collect(schemas[name], schemas, used)


def _named(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        reference = str(part.get("$ref", ""))
        if reference.startswith("#/components/schemas/"):
            yield reference.rpartition("/")[2]
        for below in part.values():
            yield from _named(below)
    elif isinstance(part, list):
        for below in part:
            yield from _named(below)


def _finish(made: Path) -> None:
    """Every module says what it is, and stands in this project's format."""
    for module in made.rglob("*.py"):
        text = module.read_text().replace(WITH_TOKEN, WITH_TOKEN.replace("@define", "@define(repr=False)"))
        module.write_text(text if text.startswith('"""') else DOCSTRING + text)
    for command in (["check", "--quiet", "--fix-only", "--select", "I,F401"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, "--isolated", "--line-length", "120", made], check=True)


if __name__ == "__main__":
    generate(REST)
