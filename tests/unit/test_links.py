"""Signed links: one file of one owner until they expire, and nothing else."""

from __future__ import annotations

import pytest

from ink_core.clock import ManualClock
from ink_core.errors import BadInput
from ink_core.storage.links import MAX_LIFETIME_S, LinkExpired, LinkInvalid, SignedLink, SignedLinks

KEY = b"k" * 32
HOSTILE = "/data/ä b/\n'\"<script>/..%2f/\udcff.root"


def links(clock: ManualClock, key: bytes = KEY) -> SignedLinks:
    return SignedLinks(key, "https://ink.example", clock)


def token_of(link: SignedLink) -> str:
    assert link.url.startswith("https://ink.example/links/")
    return link.url.removeprefix("https://ink.example/links/")


@pytest.mark.requirement("CORE-LINKS-01")
@pytest.mark.parametrize("path", ["/data/hist.root", HOSTILE])
def test_a_link_names_its_owner_and_file_until_it_expires(path: str) -> None:
    clock = ManualClock()
    made = links(clock).create(owner="alice", path=path, lifetime_s=60)
    token = token_of(made)
    clock.advance(59)
    claims = links(clock).verify(token)
    assert (claims.owner, claims.path, claims.expires_at) == ("alice", path, made.expires_at)
    clock.advance(1)
    with pytest.raises(LinkExpired):
        links(clock).verify(token)


def test_a_link_is_one_word_in_a_url() -> None:
    token = token_of(links(ManualClock()).create(owner="alice", path=HOSTILE, lifetime_s=60))
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


@pytest.mark.requirement("CORE-LINKS-01")
def test_a_link_that_was_changed_anywhere_is_invalid() -> None:
    clock = ManualClock()
    token = token_of(links(clock).create(owner="alice", path="/data/hist.root", lifetime_s=60))
    for at in range(len(token) - 1):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        with pytest.raises(LinkInvalid):
            links(clock).verify(changed)


@pytest.mark.parametrize("token", ["", ".", "a.b", "..", "A" * 10_000, "ä.ö", "e30.e30"])
def test_what_never_was_a_link_is_invalid(token: str) -> None:
    with pytest.raises(LinkInvalid):
        links(ManualClock()).verify(token)


def test_a_link_of_another_key_is_invalid() -> None:
    clock = ManualClock()
    token = token_of(links(clock, b"x" * 32).create(owner="alice", path="/a", lifetime_s=60))
    with pytest.raises(LinkInvalid):
        links(clock).verify(token)


@pytest.mark.parametrize(("path", "lifetime_s"), [("/a", 0), ("/a", MAX_LIFETIME_S + 1), ("", 1), ("a\0b", 1)])
def test_a_lifetime_or_path_out_of_bounds_is_refused(path: str, lifetime_s: int) -> None:
    with pytest.raises(BadInput):
        links(ManualClock()).create(owner="alice", path=path, lifetime_s=lifetime_s)
