"""Links of shares: one id of this site, signed, and nothing else."""

from __future__ import annotations

import pytest

from ink_core.storage.shares import LinkInvalid, ShareLinks

ID = "0123456789abcdef" * 2


def links(key: bytes = b"k" * 32) -> ShareLinks:
    return ShareLinks(key, "https://ink.example")


def token(of: ShareLinks) -> str:
    assert of.url(ID).startswith("https://ink.example/shares/")
    return of.url(ID).removeprefix("https://ink.example/shares/")


def test_a_link_names_its_share_and_its_address_is_no_link() -> None:
    assert links().share_id(token(links())) == ID
    with pytest.raises(LinkInvalid):
        links().share_id(links().address(ID).rpartition("/")[2])


@pytest.mark.requirement("CORE-LINKS-01")
def test_a_link_that_was_changed_anywhere_is_invalid() -> None:
    good = token(links())
    for at in range(len(good)):
        changed = good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :]
        with pytest.raises(LinkInvalid):
            links().share_id(changed)


@pytest.mark.parametrize("never", ["", ".", "a.b", "..", "A" * 10_000, "ä.ö", ID, f"{ID}."])
def test_what_never_was_a_link_is_invalid(never: str) -> None:
    with pytest.raises(LinkInvalid):
        links().share_id(never)


def test_a_link_of_another_key_is_invalid() -> None:
    with pytest.raises(LinkInvalid):
        links().share_id(token(links(b"x" * 32)))
