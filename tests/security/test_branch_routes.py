"""Edit, retry, go back and compact over HTTP: for those who may steer the session, with clear errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from httpx2 import AsyncClient

from tests.security.application import application, client, signed_in

PATIENCE_S = 100


@asynccontextmanager
async def alices_browser(data: Path) -> AsyncGenerator[AsyncClient]:
    async with application(data) as app, client(app) as http:
        http.headers.update(await signed_in(app, "alice"))
        yield http


async def answered(http: AsyncClient, path: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while (await http.get(path)).json()["running"]:
            await asyncio.sleep(0.05)


async def asked(http: AsyncClient, text: str) -> str:
    """Path of a session whose first turn is over."""
    path = f"/api/v1/sessions/{(await http.post('/api/v1/sessions', json={})).json()['session_id']}"
    assert (await http.post(f"{path}/messages", json={"text": text})).status_code == 202
    await answered(http, path)
    return path


async def turns(http: AsyncClient, path: str) -> list[tuple[Any, ...]]:
    told = (await http.get(f"{path}/turns")).json()
    return [(turn["turn"], turn["parent"], turn["text"], turn["ended"], turn["on_path"]) for turn in told]


@pytest.mark.requirement("AGENT-LOOP-08")
async def test_a_message_is_edited_asked_again_and_the_old_way_gone_back_to(tmp_path: Path) -> None:
    async with alices_browser(tmp_path) as alice:
        path = await asked(alice, "what can you do?")
        edited = await alice.post(f"{path}/branches", json={"turn": 1, "text": "what can you do for me?"})
        assert (edited.status_code, edited.json()["seq"] > 1) == (202, True)
        await answered(alice, path)
        assert (await alice.post(f"{path}/branches", json={"turn": 1})).status_code == 202
        await answered(alice, path)
        back = await alice.put(f"{path}/path", json={"turn": 2})
        assert (back.status_code, back.json()["running"]) == (200, False)
        assert await turns(alice, path) == [
            (1, 0, "what can you do?", "answered", False),
            (2, 0, "what can you do for me?", "answered", True),
            (3, 0, "what can you do?", "answered", False),
        ]


@pytest.mark.requirement("AGENT-LOOP-09")
async def test_a_conversation_is_compacted_on_demand_once(tmp_path: Path) -> None:
    async with alices_browser(tmp_path) as alice:
        path = await asked(alice, "what can you do?")
        assert (await alice.post(f"{path}/compact")).status_code == 202
        again = await alice.post(f"{path}/compact")
        assert (again.status_code, again.json()["code"]) == (409, "nothing_to_compact")


async def test_what_cannot_be_gone_to_is_said(tmp_path: Path) -> None:
    tries: list[tuple[str, str, dict[str, Any], tuple[int, str]]] = [
        ("POST", "branches", {"turn": 7, "text": "x"}, (404, "turn_not_found")),
        ("POST", "branches", {"turn": 0, "text": "x"}, (422, "bad_input")),
        ("POST", "branches", {"turn": 1, "text": ""}, (422, "bad_input")),
        ("POST", "branches", {"turn": 1, "parent": 0}, (422, "bad_input")),
        ("PUT", "path", {"turn": 7}, (404, "turn_not_found")),
        ("PUT", "path", {"turn": -1}, (422, "bad_input")),
    ]
    async with alices_browser(tmp_path) as alice:
        path = await asked(alice, "what can you do?")
        for method, route, body, expected in tries:
            refused = await alice.request(method, f"{path}/{route}", json=body)
            assert (refused.status_code, refused.json()["code"]) == expected, body
        assert len(await turns(alice, path)) == 1
