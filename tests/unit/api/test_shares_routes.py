"""A share names who may read one file, is listed, and ends when its owner says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from audit.sqlite import SqliteLedger
from ink_core.clock import ManualClock, SystemClock
from ink_core.identity.model import Group
from ink_core.storage.shares import MemoryShares, ReaderKind, Share
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


@pytest.mark.requirement("CORE-LINKS-01", "TOOLS-LINK-01")
async def test_a_download_link_serves_its_one_file_until_it_expires_and_no_other(site: Site) -> None:
    (site.home / "plot 1.png").write_bytes(b"a picture")
    platform, clock = site.app.state.platform, ManualClock(SystemClock().now())
    call = {"tool": "create_download_link", "arguments": {"path": "plot 1.png", "lifetime_s": 60}}
    made = (await site.http.post("/api/v1/calls", json=call)).json()["result"]
    url = platform.core.share_links.url(made["share_id"])
    shares = MemoryShares(clock)
    await shares.add(platform.core.shares.get(made["share_id"]))
    core = site.app.state.core
    site.app.state.core = replace(core, shares=shares)
    async with client(site.app) as stranger:
        answer = await stranger.get(url)
        assert (answer.status_code, answer.content) == (200, b"a picture")
        assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''plot%201.png"
        assert answer.headers["cache-control"] == "no-store"
        clock.advance(61)
        late = await stranger.get(url)
        site.app.state.core = core
        (site.home / "plot 1.png").unlink()
        gone = await stranger.get(url)
    assert (late.status_code, late.json()["code"]) == (404, "share_not_found")
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")


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
    identity = site.app.state.core.identity
    await identity.set_roles("alice", disabled=True)
    assert await status(site, share["url"]) == 404
    await identity.set_roles("alice", disabled=False)
    assert await status(site, share["url"]) == 200


async def test_a_share_for_a_user_is_read_by_that_user_alone(site: Site) -> None:
    carol, dave = await site.browser("carol"), await site.browser("dave")
    share = await shared(site, "user", "carol")
    assert await status(site, share["url"]) == 401
    assert await status(site, share["url"], dave) == 404
    assert await status(site, share["url"], carol) == 200
    async with client(site.app) as http:
        (row,) = (await http.get(f"{SHARES}/received", headers=carol)).json()
        assert (row["owner"], row["path"], row["url"]) == ("alice", "plot.png", share["url"])
        assert (await http.get(f"{SHARES}/received", headers=dave)).json() == []
        assert (await http.delete(f"{SHARES}/{share['share_id']}", headers=carol)).status_code == 404


async def test_a_share_for_a_group_is_read_by_its_members(site: Site) -> None:
    identity = site.app.state.core.identity
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


async def test_an_account_that_was_made_anew_inherits_no_share(site: Site) -> None:
    """Neither as the owner of one nor as its reader."""
    identity = site.app.state.core.identity
    grace = await site.browser("grace")
    share = await shared(site, "user", "grace")
    assert await status(site, share["url"], grace) == 200
    await identity.remove_user("grace")
    grace = await site.browser("grace")
    assert await status(site, share["url"], grace) == 404
    async with client(site.app) as http:
        assert (await http.get(f"{SHARES}/received", headers=grace)).json() == []
    alices = Share.model_validate({name: share[name] for name in Share.model_fields})
    of_the_first_grace = alices.model_copy(update={"share_id": "e" * 32, "owner": "grace", "reader": "alice"})
    await site.app.state.core.shares.add(of_the_first_grace)
    async with client(site.app) as http:
        assert (await http.get(SHARES, headers=grace)).json() == []
    url = site.app.state.core.share_links.url("e" * 32)
    assert (await site.http.get(url)).status_code == 404
    assert (await site.http.get(f"{SHARES}/received")).json() == []


async def test_a_group_that_was_made_anew_reads_no_share(site: Site) -> None:
    groups = site.app.state.core.identity.groups
    heidi = await site.browser("heidi")

    async def make() -> None:
        await groups.add(
            Group(
                name="top", description="", permissions=frozenset(), scopes=frozenset(), created_at=SystemClock().now()
            )
        )
        await groups.add_member("top", "heidi")

    await make()
    share = await shared(site, "group", "top")
    assert await status(site, share["url"], heidi) == 200
    await groups.remove("top")
    await make()
    assert await status(site, share["url"], heidi) == 404


@pytest.mark.parametrize("kind", ["user", "group"])
async def test_nothing_is_shared_with_who_is_not_there(site: Site, kind: str) -> None:
    (site.home / "plot.png").touch()
    answer = await site.http.post(SHARES, json={"path": "plot.png", "reader_kind": kind, "reader": "nobody"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_an_address_without_a_signature_opens_for_the_owner_alone(site: Site) -> None:
    share = await shared(site, "public")
    address = share["url"].rpartition(".")[0]
    assert (await site.http.get(address)).content == b"a picture"
    assert await status(site, address) == 401
    assert await status(site, address, await site.browser("ivan")) == 404


async def test_expired_shares_leave_memory(tmp_path: Path) -> None:
    clock = ManualClock()
    ledger = SqliteLedger(tmp_path / "ledger.db", clock)
    try:
        shares = RecordedShares(ledger, clock)
        made = Share(
            share_id="a" * 32,
            owner="alice",
            path="plot.png",
            reader_kind=ReaderKind.PUBLIC,
            reader=None,
            created_at=clock.now(),
            expires_at=clock.now() + timedelta(seconds=60),
        )
        await shares.add(made)
        clock.advance(61)
        assert shares.all() == []
        clock.advance(-61)  # what was dropped is not there any more, whatever the time
        assert shares.all() == []
        clock.advance(61)
        after = RecordedShares(ledger, clock)
        await after.recover()
        clock.advance(-61)
        assert after.all() == []
    finally:
        await ledger.close()


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
