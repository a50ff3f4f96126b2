"""A share names who may read one file, is listed, and ends when its owner says so."""

from __future__ import annotations

from typing import Any

import pytest

from ink_core.clock import SystemClock
from ink_core.identity.model import Group
from manager.shares import RecordedShares
from tests.security.application import client
from tests.unit.api.home_agents import Site

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.requirement("CORE-LINKS-02")]
SHARES = "/api/v1/shares"


async def shared(site: Site, kind: str, reader: str | None = None) -> dict[str, Any]:
    (site.home / "plot.png").write_bytes(b"a picture")
    answer = await site.http.post(SHARES, json={"path": "plot.png", "reader_kind": kind, "reader": reader})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def status(site: Site, url: str, headers: dict[str, str] | None = None) -> int:
    async with client(site.app) as stranger:
        return (await stranger.get(url, headers=headers or {})).status_code


async def test_a_public_share_is_read_by_whoever_has_its_link_until_it_is_revoked(site: Site) -> None:
    share = await shared(site, "public")
    async with client(site.app) as stranger:
        answer = await stranger.get(share["url"], headers={"Range": "bytes=2-4"})
        assert (answer.status_code, answer.content) == (206, b"pic")
    assert share["share_id"] in {row["share_id"] for row in (await site.http.get(SHARES)).json()}
    assert (await site.http.delete(f"{SHARES}/{share['share_id']}")).status_code == 204
    assert await status(site, share["url"]) == 404
    assert share["share_id"] not in {row["share_id"] for row in (await site.http.get(SHARES)).json()}
    again = await site.http.delete(f"{SHARES}/{share['share_id']}")
    assert (again.status_code, again.json()["code"]) == (404, "share_not_found")


async def test_a_share_of_a_disabled_account_serves_nothing(site: Site) -> None:
    share = await shared(site, "public")
    identity = site.app.state.platform.identity
    await identity.set_roles("alice", disabled=True)
    assert await status(site, share["url"]) == 404
    await identity.set_roles("alice", disabled=False)
    assert await status(site, share["url"]) == 200


async def test_a_share_for_a_user_is_read_by_that_user_alone(site: Site) -> None:
    share = await shared(site, "user", "carol")
    carol, dave = await site.browser("carol"), await site.browser("dave")
    assert await status(site, share["url"]) == 401
    assert await status(site, share["url"], dave) == 404
    assert await status(site, share["url"], carol) == 200
    async with client(site.app) as http:
        (row,) = (await http.get(f"{SHARES}/received", headers=carol)).json()
        assert (row["owner"], row["path"], row["url"]) == ("alice", "plot.png", share["url"])
        assert (await http.get(f"{SHARES}/received", headers=dave)).json() == []
        assert (await http.delete(f"{SHARES}/{share['share_id']}", headers=carol)).status_code == 404


async def test_a_share_for_a_group_is_read_by_its_members(site: Site) -> None:
    identity = site.app.state.platform.identity
    erin, frank = await site.browser("erin"), await site.browser("frank")
    await identity.groups.add(
        Group(
            name="higgs",
            description="",
            permissions=frozenset(),
            scopes=frozenset(),
            created_at=SystemClock().now(),
        )
    )
    await identity.groups.add_member("higgs", "erin")
    share = await shared(site, "group", "higgs")
    assert await status(site, share["url"], erin) == 200
    assert await status(site, share["url"], frank) == 404
    await identity.groups.remove_member("higgs", "erin")
    assert await status(site, share["url"], erin) == 404


@pytest.mark.parametrize("change", ["id", "signature", "length"])
async def test_a_link_that_was_changed_serves_nothing(site: Site, change: str) -> None:
    url = (await shared(site, "public"))["url"]
    head, _, token = url.rpartition("/")
    share_id, _, signature = token.partition(".")
    forged = {
        "id": f"{share_id[::-1]}.{signature}",
        "signature": f"{share_id}.{signature[::-1]}",
        "length": f"{token}{'x' * 300}",
    }[change]
    assert await status(site, f"{head}/{forged}") == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"path": "plot.png", "reader_kind": "user"},
        {"path": "plot.png", "reader_kind": "public", "reader": "bob"},
        {"path": ".", "reader_kind": "public"},
        {"path": "plot.png", "reader_kind": "user", "reader": "a b"},
    ],
)
async def test_what_cannot_be_shared_is_bad_input(site: Site, wrong: dict[str, str]) -> None:
    (site.home / "plot.png").touch()
    answer = await site.http.post(SHARES, json=wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")


async def test_shares_survive_a_restart_and_revoked_ones_stay_so(site: Site) -> None:
    kept, ended = await shared(site, "public"), await shared(site, "public")
    await site.http.delete(f"{SHARES}/{ended['share_id']}")
    after = RecordedShares(site.app.state.platform.ledger, SystemClock())
    await after.recover()
    found = {share.share_id for share in after.all()}
    assert kept["share_id"] in found and ended["share_id"] not in found
