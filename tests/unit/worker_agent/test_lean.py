"""What an agent does not load: it stays away from the agent, and only from it."""

from __future__ import annotations

import subprocess
import sys

import pytest

UNUSED = (
    "decimal",
    "fractions",
    "importlib.metadata",
    "urllib.request",
    "zoneinfo",
    "jsonschema",
    "http.server",
    "shutil",
    "email",
)


def in_an_agents_process(code: str) -> str:
    """What the code prints in a process that has imported all of an agent, and without the checkout on its path."""
    program = f"import worker_agent.__main__, sys\n{code}"
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()


def test_modules_that_no_agent_uses_are_not_loaded() -> None:
    assert in_an_agents_process(f"print([name for name in {UNUSED} if name in sys.modules])") == "[]"


@pytest.mark.parametrize(
    "use",
    [
        "import importlib.metadata; print(bool(importlib.metadata.version('pydantic')))",
        "import urllib.request; print(urllib.request.Request('http://a.example/').host == 'a.example')",
        "import zoneinfo; print(zoneinfo.ZoneInfo('UTC').key == 'UTC')",
        "import decimal; print(decimal.Decimal('0.5') + 1 == 1.5)",
        "import typing; print(typing.TypedDict('T', {'a': int}).__required_keys__ == {'a'})",
        "import typing_extensions; print(typing_extensions.TypedDict('T', {'a': int}).__required_keys__ == {'a'})",
        "import jsonrpcserver; print(jsonrpcserver.dispatch('{}').startswith('{'))",
    ],
)
def test_a_capability_pack_that_needs_one_gets_the_real_one(use: str) -> None:
    assert in_an_agents_process("import warnings; warnings.simplefilter('ignore')\n" + use) == "True"
