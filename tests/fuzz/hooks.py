"""What schemathesis loads besides: who asks, the media type of tus, and the check that errors have documented codes.

Loaded by name (`SCHEMATHESIS_HOOKS`) in the process of the runner.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import schemathesis

DOCUMENT = Path(__file__).parents[2] / "docs/reference/openapi.json"
PROBLEM = "application/problem+json"
OF_AN_AGENT = "agent_fault"
"""Documents that the code is the agent's own."""


@schemathesis.serializer("application/offset+octet-stream")
def octets(_: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogatepass")


@schemathesis.hook
def before_call(_: Any, case: Any, __: Any) -> None:
    """The token stands in no argument of a command; no stream is asked for what is yet to come, which may be never."""
    case.headers["Authorization"] = f"Bearer {os.environ['INK_FUZZ_TOKEN']}"
    if case.path.endswith("/stream") and isinstance(after := (case.query or {}).get("after"), int):
        case.query["after"] = min(after, 0)


@schemathesis.check
def documented_code(_: Any, response: Any, case: Any) -> None:
    """An error's stable code is one that the operation names for that status."""
    if PROBLEM not in str(response.headers.get("content-type")) or case.method == "HEAD":
        return
    answers = _document()["paths"].get(case.path, {}).get(case.method.lower(), {}).get("responses")
    if answers is None:
        return  # a method that the path does not have
    named = _codes(answers.get(str(response.status_code), {}))
    code = json.loads(response.content)["code"]
    assert code in named or OF_AN_AGENT in named, f"{code} is not among {named}: manager/api/openapi/operations.yaml"


@cache
def _document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(DOCUMENT.read_text())
    return found


def _codes(answer: dict[str, Any]) -> list[str]:
    if reference := answer.get("$ref"):
        answer = _document()["components"]["responses"][reference.rpartition("/")[2]]
    return list(answer.get("content", {}).get(PROBLEM, {}).get("examples", {}))
