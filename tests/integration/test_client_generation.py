"""The Python client in the repository is the one that follows from the OpenAPI document."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.generate import GENERATOR, REST, generate

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not GENERATOR.is_installed, reason="needs the generator: `make api` installs it"),
]


def modules(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*.py")}


def test_the_client_is_that_of_the_document(tmp_path: Path) -> None:
    generate(tmp_path / "rest")
    made, kept = modules(tmp_path / "rest"), modules(REST)
    changed = sorted(name for name in made.keys() | kept.keys() if made.get(name) != kept.get(name))
    assert changed == [], "the interface has changed: run `make api` and commit clients/python"
