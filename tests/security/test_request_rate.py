"""Who sends too much is told to wait, before anything is looked up; the others notice nothing."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from ink_core.api.request_rate import RequestRate
from ink_core.api.security import AUTHENTICATED, mark_of
from ink_core.identity.principal import Principal
from mcp_tools.server.bearer import BearerGuard

BURST = 5
SECRET = re.compile(r"(?<!\w)ink[sa]?_\w+\b(?!=)")
"""What this site takes for a credential, unless it says that it is forged."""


class Site:
    """An application that says ok, behind the limit; time stands still until moved."""

    def __init__(self, *, mcp: bool = False) -> None:
        self.now_s = 1000.0
        self.reached = 0
        app = BearerGuard(self._answer, _whose, "Bearer") if mcp else self._app
        self.limited = RequestRate(app, 10, BURST, now_s=lambda: self.now_s)

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.reached += 1
        presented = SECRET.findall(" ".join(value.decode() for _, value in scope["headers"]))
        scope[AUTHENTICATED] = next((mark_of(secret) for secret in presented if "forged" not in secret), None)
        await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})

    async def send(self, path: str = "/jobs", address: str = "10.0.0.1", kind: str = "http", **headers: str) -> Answer:
        raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope: Scope = {"type": kind, "path": path, "headers": raw, "client": (address, 4321)}
        answer = Answer()
        await self.limited(scope, answer.receive, answer.send)
        return answer

    async def flood(self, times: int = BURST, **request: Any) -> list[int]:
        return [(await self.send(**request)).status for _ in range(times)]


async def _whose(token: str) -> Principal | None:
    return Principal(username="alice", is_admin=False, scopes=frozenset(), credential=f"token:{token}")


class Answer:
    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def receive(self) -> Message:
        raise AssertionError("nothing is read of a request that is refused")

    async def send(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.messages[0]["headers"])


@pytest.mark.requirement("CORE-RATE-01")
async def test_who_sends_too_much_is_told_how_long_to_wait_and_others_notice_nothing() -> None:
    site = Site()
    assert await site.flood(authorization="Bearer ink_noisy") == [200] * BURST
    refused = await site.send(authorization="Bearer ink_noisy")
    problem = json.loads(refused.messages[1]["body"])
    assert (refused.status, problem["code"], problem["retryable"]) == (429, "throttled", True)
    assert refused.headers[b"retry-after"] == b"1"
    assert site.reached == BURST, "a refused request reaches nothing"
    for other in (
        {"authorization": "Bearer ink_quiet"},
        {"cookie": "a=b; ink_session=inks_x"},
        {"ink_token": "ink_v2"},
    ):
        assert (await site.send(address="10.0.0.2", **other)).status == 200


@pytest.mark.requirement("CORE-RATE-01")
async def test_who_waits_as_told_is_served_again() -> None:
    site = Site()
    await site.flood(authorization="Bearer ink_noisy")
    refused = await site.send(authorization="Bearer ink_noisy")
    site.now_s += float(refused.headers[b"retry-after"])
    assert (await site.send(authorization="Bearer ink_noisy")).status == 200


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("authorization", "Bearer ink_same"),
        ("ink_token", "ink_same"),
        ("cookie", "ink_session=inks_same"),
        ("cookie", "__Host-ink_session=inks_same"),
        ("cookie", "ink_app=inka_same"),
    ],
)
async def test_a_credential_is_one_client_wherever_it_comes_from(header: str, value: str) -> None:
    site = Site()
    statuses = [(await site.send(address=f"10.0.0.{n}", **{header: value})).status for n in range(BURST + 1)]
    assert statuses == [200] * BURST + [429]


async def test_other_cookies_make_no_other_client() -> None:
    site = Site()
    statuses = [(await site.send(cookie=f"x={n}; ink_session=inks_a; y={n}")).status for n in range(BURST + 1)]
    assert statuses == [200] * BURST + [429]


@pytest.mark.parametrize("invented", ["Bearer ink_{}", "{}"])
async def test_inventing_credentials_gives_nobody_more(invented: str) -> None:
    site = Site()
    statuses = [(await site.send(authorization=invented.format(n))).status for n in range(BURST * 3)]
    assert statuses == [200] * BURST + [429] * BURST * 2
    assert (await site.send(address="10.0.0.2", authorization="Bearer ink_mine")).status == 200


@pytest.mark.parametrize(
    ("proved", "beside"),
    [
        ({"cookie": "ink_session=inks_mine"}, {"authorization": "Basic {}"}),
        ({"authorization": "Bearer ink_mine"}, {"ink_token": "forged {}"}),
        ({"authorization": "Bearer ink_mine"}, {"cookie": "ink_app={}"}),
        ({"ink_token": "ink_mine"}, {"authorization": "Bearer {}"}),
    ],
)
async def test_who_is_known_by_one_credential_is_no_other_client_by_inventing_a_second(
    proved: dict[str, str], beside: dict[str, str]
) -> None:
    site, statuses = Site(), list[int]()
    for number in range(BURST + 1):
        invented = {name: value.format(number) for name, value in beside.items()}
        statuses.append((await site.send(address=f"10.0.0.{number}", **invented, **proved)).status)
    assert statuses == [200] * BURST + [429]


async def test_a_forged_credential_that_is_sent_again_costs_its_address_again() -> None:
    site = Site()
    assert await site.flood(BURST * 2, authorization="Bearer ink_forged") == [200] * BURST + [429] * BURST
    assert (await site.send(ink_token="another forged one")).status == 429


async def test_without_a_credential_the_address_counts_and_a_host_has_one_ipv6_network() -> None:
    site = Site()
    statuses = [(await site.send(address=f"2001:db8::{n}")).status for n in range(BURST + 1)]
    assert statuses == [200] * BURST + [429]
    assert (await site.send(address="2001:db8:0:1::1")).status == 200


@pytest.mark.parametrize("mcp", [False, True])
async def test_a_known_credential_is_served_though_its_address_has_sent_too_much(mcp: bool) -> None:
    site = Site(mcp=mcp)
    assert (await site.send(authorization="Bearer ink_mine")).status == 200
    assert 429 in await site.flood(BURST * 2)
    assert (await site.send(authorization="Bearer ink_mine")).status == 200


async def test_health_answers_always() -> None:
    site = Site()
    await site.flood(BURST * 2)
    assert await site.flood(BURST * 2, path="/health") == [200] * BURST * 2


async def test_a_websocket_is_refused_before_it_opens() -> None:
    site = Site()
    await site.flood()
    refused = await site.send(kind="websocket")
    assert (refused.messages[0]["type"], refused.status) == ("websocket.http.response.start", 429)
