"""What a route of the core changes goes through the gate, and its course comes back as a result or a typed error."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import JsonValue

from ink_core.api.actions import ActionFailed, Actions
from ink_core.identity.principal import Principal, Scope
from tests.security.application import application


@asynccontextmanager
async def actions_of_alice(
    data_dir: Path, scopes: frozenset[Scope] = frozenset(Scope)
) -> AsyncGenerator[tuple[Actions, Principal]]:
    async with application(data_dir) as app:
        issued = await _issued(app.state.core.identity)
        yield app.state.core.actions, issued.model_copy(update={"scopes": issued.scopes & scopes})


async def _issued(identity) -> Principal:
    await identity.create_user("alice", is_admin=False)
    code = (await identity.create_sign_in_code("alice")).secret
    return (await identity.redeem_sign_in_code(code)).principal


async def test_a_call_that_the_gate_lets_through_brings_its_result(tmp_path: Path) -> None:
    async with actions_of_alice(tmp_path) as (actions, alice):
        found = await actions.call(alice, "search_documentation", {"query": "jobs", "limit": 1})
        assert isinstance(found, dict) and "passages" in found


@pytest.mark.parametrize(
    ("tool", "arguments", "code", "status"),
    [
        ("no_such_tool", {}, "unknown_tool", 404),
        ("search_documentation", {"query": 5}, "bad_input", 422),
        ("remove_jobs", {"job_ids": ["1.0"], "cluster": "nowhere"}, "not_found", 404),
    ],
)
async def test_what_went_wrong_keeps_its_code_and_status(
    tmp_path: Path, tool: str, arguments: dict[str, JsonValue], code: str, status: int
) -> None:
    async with actions_of_alice(tmp_path) as (actions, alice):
        with pytest.raises(ActionFailed) as met:
            await actions.call(alice, tool, arguments)
        assert (met.value.code, met.value.http_status) == (code, status)


async def test_a_credential_without_the_scope_is_refused(tmp_path: Path) -> None:
    async with actions_of_alice(tmp_path, frozenset({Scope.JOBS_READ})) as (actions, alice):
        with pytest.raises(ActionFailed) as met:
            await actions.call(alice, "submit_job", {"script": "hello.sh"})
        assert met.value.http_status == 403
