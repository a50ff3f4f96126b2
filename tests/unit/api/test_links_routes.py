"""Download by signed link: exactly its one file, read by its owner's own agent, until it expires."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import JsonValue

from ink_core.agents import AccessPoint, InProcessAgents
from ink_core.clock import ManualClock
from ink_core.errors import AgentFault
from ink_core.storage.links import SignedLinks
from tests.security.application import application, client

CONTENT = bytes(range(256)) * 10
PIECE = 1000


async def home_of_alice(method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
    assert method == "files.read"
    offset = arguments["offset"]
    assert isinstance(offset, int)
    if arguments["path"] != "plot 1.png":
        raise AgentFault("there is no such file", code="not_found", retryable=False)
    piece = CONTENT[offset : offset + PIECE]
    return {
        "path": "plot 1.png",
        "offset": offset,
        "size": len(CONTENT),
        "content": base64.b64encode(piece).decode(),
        "eof": offset + len(piece) == len(CONTENT),
        "sha256": None,
    }


@pytest.mark.requirement("CORE-LINKS-01", "TOOLS-LINK-01")
async def test_a_link_serves_its_one_file_to_whoever_has_it_and_nothing_else(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        platform = app.state.platform
        app.state.platform = replace(platform, agents=InProcessAgents({AccessPoint("alice"): home_of_alice}))
        await platform.identity.create_user("alice")
        links = platform.links
        url = links.create(owner="alice", path="plot 1.png", lifetime_s=60).url
        answer = await http.get(url)
        assert (answer.status_code, answer.content) == (200, CONTENT)
        await platform.identity.set_roles("alice", disabled=True)
        assert (await http.get(url)).status_code == 404, "the account is locked"
        await platform.identity.set_roles("alice", disabled=False)
        assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''plot%201.png"
        assert answer.headers["cache-control"] == "no-store"
        forged = await http.get(url[:-2] + ("AA" if not url.endswith("AA") else "BB"))
        assert (forged.status_code, forged.json()["code"]) == (404, "link_invalid")
        gone = links.create(owner="alice", path="other", lifetime_s=60)
        missing = await http.get(gone.url)
        assert missing.status_code >= 400
        assert missing.json()["code"] == "not_found"


@pytest.mark.requirement("CORE-LINKS-01")
async def test_a_link_that_has_expired_serves_nothing(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        platform = app.state.platform
        clock = ManualClock()
        links = SignedLinks(secrets.token_bytes(32), "http://site", clock)
        agents = InProcessAgents({AccessPoint("alice"): home_of_alice})
        app.state.platform = replace(platform, agents=agents, links=links)
        await platform.identity.create_user("alice")
        url = links.create(owner="alice", path="plot 1.png", lifetime_s=60).url
        assert (await http.get(url)).status_code == 200
        clock.advance(61)
        late = await http.get(url)
        assert (late.status_code, late.json()["code"]) == (410, "link_expired")
