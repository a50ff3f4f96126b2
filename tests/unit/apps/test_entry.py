"""Codes with which a browser gets in at the apps' own address: for whom, how long, and for which browser."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from ink_core.apps.entry import AppsEntry, Entrant
from ink_core.clock import ManualClock
from ink_core.errors import BadInput, TokenInvalid

ALICE = Entrant("alice", "0123456789abcdef")
PATH = "/jupyter/node01.pool/40001/alice/lab?x=%2F&y"


class Site:
    def __init__(self, key: bytes = b"k" * 32) -> None:
        self.clock = ManualClock()
        self.entry = AppsEntry(key, "https://ink.example", "https://apps.example", self.clock)

    def code(self) -> tuple[str, str]:
        """Of alice, with the verifier of the browser that set out."""
        away = self.entry.set_out(PATH)
        asked = parse_qs(urlsplit(away.url).query)
        back = self.entry.way_back(ALICE, asked["challenge"][0], asked["to"][0])
        return parse_qs(urlsplit(back).query)["code"][0], away.verifier


def test_a_browser_that_set_out_comes_back_as_who_it_is_at_the_portal_and_to_where_it_went() -> None:
    site = Site()
    away = site.entry.set_out(PATH)
    asked = parse_qs(urlsplit(away.url).query)
    assert away.url.startswith("https://ink.example/api/v1/proxy/enter?")
    assert away.verifier not in away.url
    back = site.entry.way_back(ALICE, asked["challenge"][0], asked["to"][0])
    told = parse_qs(urlsplit(back).query)
    assert back.startswith("https://apps.example/.ink/enter?")
    assert (site.entry.entrant(told["code"][0], away.verifier), told["to"]) == (ALICE, [PATH])


def test_a_code_is_good_for_no_other_browser_and_not_for_long() -> None:
    site = Site()
    code, verifier = site.code()
    for other in ("", site.code()[1], verifier[:-1]):
        with pytest.raises(TokenInvalid):
            site.entry.entrant(code, other)
    site.clock.advance(60)
    with pytest.raises(TokenInvalid):
        site.entry.entrant(code, verifier)


def test_a_code_that_was_changed_or_made_elsewhere_is_none() -> None:
    code, verifier = Site().code()
    body, _, signature = code.partition(".")
    for forged in ("", ".", body, f"{body}.", f"{body[::-1]}.{signature}", f"{body}.{signature[::-1]}", "€.€"):
        with pytest.raises(TokenInvalid):
            Site().entry.entrant(forged, verifier)
    with pytest.raises(TokenInvalid):
        Site(b"o" * 32).entry.entrant(code, verifier)


@pytest.mark.parametrize(
    "path",
    ["", "/", "//evil.example/1/2/", "https://evil.example/", "/jupyter/node/80/alice/", "/jupyter/n/8888/alice/\r\nx"],
)
def test_the_way_leads_to_apps_and_nowhere_else(path: str) -> None:
    site = Site()
    with pytest.raises(BadInput):
        site.entry.set_out(path)
    with pytest.raises(BadInput):
        site.entry.way_back(ALICE, "0" * 64, path)
