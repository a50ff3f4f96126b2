"""Runs schemathesis over a running manager, as one of its users.

Left out is nothing: what would end the run cannot be met by chance. A token is not signed out, and the users of the run
have names that no generated request has, so that nobody locks or deletes them or takes their rights.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.embedded import Embedded
from tests.fuzz.hooks import DOCUMENT

USER, ADMIN = "fuzz-user-7c1e", "fuzz-admin-7c1e"
SETTINGS = {
    "sign_in": {"first_accounts": [{"username": USER}, {"username": ADMIN, "is_admin": True}]},
    "server": {"requests_per_s": 1_000_000, "request_burst": 1_000_000},
}
USER_SCOPES = ("jobs:read", "jobs:submit", "jobs:manage", "files:read", "files:write", "agent:use")
ADMIN_SCOPES = ("admin", "audit:read", "approvals:decide")
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "documented_code",
)
REQUEST_TIMEOUT_S = 120
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")


@dataclass(frozen=True)
class Amount:
    """How many requests: for each operation at most so many generated ones, with the edges of all values or without."""

    examples: int
    edges: bool
    deadline_s: float


SHORT = Amount(examples=2, edges=False, deadline_s=800)
LONG = Amount(examples=50, edges=True, deadline_s=7200)


def token_of(embedded: Embedded, user: str, scopes: Collection[str]) -> str:
    words = (word for scope in scopes for word in ("--scope", scope))
    code, token = embedded.ink("token", "create", user, "--name", "fuzz", *words)
    assert code == 0, token
    return token.strip()


def operations_of(scopes: Collection[str]) -> Sequence[str]:
    """Those that ask for one of these scopes, by name."""
    paths = json.loads(DOCUMENT.read_text())["paths"].values()
    found = (one for item in paths for one in item.values())
    return [one["operationId"] for one in found if one["security"] and set(one["security"][0]["bearer"]) & set(scopes)]


def run(embedded: Embedded, token: str, amount: Amount, operations: Sequence[str] = ()) -> tuple[int, str]:
    """Exit code and output of schemathesis, over all operations where none is named."""
    phases = "examples,coverage,fuzzing" if amount.edges else "examples,fuzzing"
    argv = [
        Path(sys.executable).with_name("st"),
        "--config-file",
        CONFIGURATION,
        "run",
        DOCUMENT,
        "--url",
        embedded.url,
        "--seed",
        "1",
    ]
    argv += ["--phases", phases, "--max-examples", str(amount.examples), "--checks", ",".join(CHECKS), "--no-color"]
    argv += ["--continue-on-failure", "--request-timeout", str(REQUEST_TIMEOUT_S), "--warnings", "off"]
    argv += [word for name in operations for word in ("--include-operation-id", name)]
    environment = {
        **os.environ, "INK_FUZZ_TOKEN": token, "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks", "PYTHONPATH": os.getcwd(),
    }  # fmt: skip
    done = subprocess.run(
        argv, env=environment, capture_output=True, text=True, timeout=amount.deadline_s, cwd=embedded.data.parent,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr
