"""`ink login`: the program's side of the device flow (RFC 8628). It never sees a password."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx2

from ink_core.errors import DeadlineExceeded, InkError, Unavailable
from ink_core.identity.principal import Scope

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
DEADLINE_S = 30.0
LONGER_S = 5
"""RFC 8628, section 3.5: after `slow_down` the interval grows by so much."""

Show = Callable[[str, str], None]
"""Gets the address of the page and the code to confirm there."""


class LoginFailed(InkError):
    """The person refused, or the manager did."""

    code = "login_failed"


def login(
    http: httpx2.Client, client: str, scopes: Sequence[Scope], show: Show, wait: Callable[[float], None] = time.sleep
) -> str:
    """The token. Raises `LoginFailed`, `DeadlineExceeded` when nobody confirms in time, or `Unavailable`."""
    begun = _posted(http, "/api/v1/auth/device", {"client_id": client, "scope": " ".join(scopes)})
    if "device_code" not in begun:
        raise LoginFailed(_reason(begun))
    show(begun["verification_uri_complete"], begun["user_code"])
    interval, left = begun["interval"], begun["expires_in"]
    form = {"grant_type": GRANT, "device_code": begun["device_code"], "client_id": client}
    while left > 0:
        wait(interval)
        left -= interval
        answer = _posted(http, "/api/v1/auth/device/token", form)
        if "access_token" in answer:
            return str(answer["access_token"])
        if answer.get("error") == "slow_down":
            interval += LONGER_S
        elif answer.get("error") != "authorization_pending":
            raise LoginFailed(_reason(answer))
    raise DeadlineExceeded("nobody confirmed the code in time; run the command again")


def _posted(http: httpx2.Client, path: str, form: dict[str, str]) -> dict[str, Any]:
    try:
        answer = http.post(path, data=form, timeout=DEADLINE_S)
        body: dict[str, Any] = answer.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise Unavailable(f"the manager at {http.base_url} does not answer: {error}") from error
    if answer.status_code == 429:
        return {"error": "slow_down"}
    return body


def _reason(answer: dict[str, Any]) -> str:
    return str(answer.get("error_description") or answer.get("detail") or answer.get("error") or "no reason was given")
