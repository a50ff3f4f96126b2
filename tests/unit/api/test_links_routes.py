"""Download by signed link: exactly its one file, read by its owner's own agent, until it expires."""

from __future__ import annotations

import secrets
from dataclasses import replace

import pytest

from ink_core.clock import ManualClock
from ink_core.storage.links import SignedLinks
from tests.security.application import client
from tests.unit.api.home_agents import Site

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.requirement("CORE-LINKS-01")]
CONTENT = bytes(range(256)) * 1000


def link_to(site: Site, path: str) -> str:
    return site.app.state.platform.links.create(owner="alice", path=path, lifetime_s=60).url


@pytest.mark.requirement("TOOLS-LINK-01")
async def test_a_link_serves_its_one_file_to_whoever_has_it_and_nothing_else(site: Site) -> None:
    (site.home / "plot 1.png").write_bytes(CONTENT)
    url = link_to(site, "plot 1.png")
    async with client(site.app) as stranger:
        answer = await stranger.get(url)
        assert (answer.status_code, answer.content) == (200, CONTENT)
        assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''plot%201.png"
        assert answer.headers["cache-control"] == "no-store"
        forged = await stranger.get(url[:-2] + ("AA" if not url.endswith("AA") else "BB"))
        assert (forged.status_code, forged.json()["code"]) == (404, "link_invalid")
        missing = await stranger.get(link_to(site, "other"))
        assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


async def test_a_link_of_a_disabled_account_serves_nothing(site: Site) -> None:
    (site.home / "plot.png").write_bytes(CONTENT)
    identity = site.app.state.platform.identity
    async with client(site.app) as stranger:
        await identity.set_roles("alice", disabled=True)
        assert (await stranger.get(link_to(site, "plot.png"))).status_code == 404
        await identity.set_roles("alice", disabled=False)
        assert (await stranger.get(link_to(site, "plot.png"))).status_code == 200


async def test_a_link_that_has_expired_serves_nothing(site: Site) -> None:
    (site.home / "plot.png").write_bytes(CONTENT)
    clock, core = ManualClock(), site.app.state.core
    links = SignedLinks(secrets.token_bytes(32), "http://site", clock)
    site.app.state.core = replace(core, links=links)
    url = links.create(owner="alice", path="plot.png", lifetime_s=60).url
    async with client(site.app) as stranger:
        assert (await stranger.get(url)).status_code == 200
        clock.advance(61)
        late = await stranger.get(url)
    site.app.state.core = core
    assert (late.status_code, late.json()["code"]) == (410, "link_expired")
