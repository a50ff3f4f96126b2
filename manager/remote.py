"""The commands that ask the running manager: over its REST interface, with a token.

The token comes from the environment (`INK_TOKEN`) or from `ink login`, never from the command line, which other users
can read.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from ink_core.errors import BadInput, InkError, Unavailable
from ink_core.settings import Settings
from manager.data_directory import address_of
from manager.saved_token import saved_token, token_file

TOKEN = "INK_TOKEN"  # noqa: S105 - where it is found, not what it is
ADDRESS = "INK_URL"
"""Where the manager is asked, if not at its public address: in its own container, which is not reached by that name."""
DEADLINE_S = 30.0
ANYBODY = f"`ink login` gets a token for the commands; or set {TOKEN}"


@dataclass(frozen=True)
class Access:
    """Where the manager is, and the token that it is asked with."""

    address: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


class Refused(InkError):
    """The manager said no; its own words are in the message."""

    code = "refused"


def post(settings: Settings, path: str, body: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> None:
    """For an administrator. Raises `BadInput` without a token, `Unavailable` when nobody answers, `Refused` with the
    manager's reason."""
    how = f"set {TOKEN} to an administrator's token (the page makes one), or `ink login --scope admin`"
    _ask(settings, environment, how, "POST", path, json=dict(body))


def post_json(
    settings: Settings, path: str, body: Mapping[str, Any], environment: Mapping[str, str] = os.environ
) -> Any:
    """The same for any user, with what the manager answers."""
    return _ask(settings, environment, ANYBODY, "POST", path, json=dict(body)).json()


def put_json(
    settings: Settings, path: str, body: Mapping[str, Any], environment: Mapping[str, str] = os.environ
) -> Any:
    """As `post_json`."""
    return _ask(settings, environment, ANYBODY, "PUT", path, json=dict(body)).json()


def delete(settings: Settings, path: str, environment: Mapping[str, str] = os.environ) -> None:
    """For any user. Raises as `post` does."""
    _ask(settings, environment, ANYBODY, "DELETE", path)


def get(settings: Settings, path: str, asked: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Any:
    """What the manager answers to a question of any user. Raises as `post` does."""
    return _ask(settings, environment, ANYBODY, "GET", path, params=dict(asked)).json()


def access(settings: Settings, environment: Mapping[str, str] = os.environ, without_token: str = ANYBODY) -> Access:
    """Raises `BadInput`, which says how to get a token, without one."""
    address = environment.get(ADDRESS) or address_of(settings)
    token = environment.get(TOKEN) or saved_token(address, token_file(environment))
    if not token:
        raise BadInput(without_token)
    return Access(address, token)


def _ask(
    settings: Settings, environment: Mapping[str, str], without_token: str, method: str, path: str, **sent: Any
) -> httpx2.Response:
    to = access(settings, environment, without_token)
    try:
        answer = httpx2.request(method, f"{to.address}{path}", headers=to.headers, timeout=DEADLINE_S, **sent)
    except httpx2.HTTPError as error:
        raise Unavailable(f"the manager at {to.address} does not answer: {error}") from error
    if answer.is_error:
        raise Refused(reason(answer))
    return answer


def reason(answer: httpx2.Response) -> str:
    """Why it was refused, in the manager's words."""
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"the manager answered {answer.status_code}"
