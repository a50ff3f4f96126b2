"""How a browser that is signed in at the portal gets in at the apps' own address, where the session cookie is not sent.

The way is that of an OAuth code with proof of possession (RFC 7636): the browser sets out from the apps' address with a
random verifier in a cookie, the portal seals who is signed in together with the verifier's digest, and back at the
apps' address the two must fit. So a code that was seen on its way is good for no other browser, and nobody can sign
another browser in. A code lives for a minute.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from ink_core.apps.app_path import PLACE
from ink_core.clock import Clock
from ink_core.errors import BadInput, TokenInvalid

KEY_FILE = "proxy.key"
"""Its name in the data directory: codes are signed with it, and nginx is known by what follows from it."""
LIFETIME = timedelta(minutes=1)
MAX_CODE_CHARS = 1024
APP_PATH = re.compile(PLACE + r"/[\x21-\x7e]*")
ENTER = "/.ink/enter"
"""At the apps' address, where a browser comes back with its code."""
_PURPOSE = b"ink app entry 1\n"


@dataclass(frozen=True)
class SetOut:
    """`url` is at the portal; `verifier` stays with the browser."""

    url: str
    verifier: str


@dataclass(frozen=True)
class Entrant:
    username: str
    session_id: str


class AppsEntry:
    """`portal_url` and `apps_url` are the two addresses that browsers use, without a path."""

    def __init__(self, key: bytes, portal_url: str, apps_url: str, clock: Clock) -> None:
        self.apps_url = apps_url
        self._key = key
        self._portal_url = portal_url
        self._clock = clock

    def set_out(self, to: str) -> SetOut:
        """Raises `BadInput` for what is no path of an app."""
        verifier = secrets.token_urlsafe(32)
        asked = {"to": checked_path(to), "challenge": _challenge(verifier)}
        return SetOut(f"{self._portal_url}/api/v1/proxy/enter?{urlencode(asked)}", verifier)

    def way_back(self, entrant: Entrant, challenge: str, to: str) -> str:
        """Where the portal sends the browser. Raises `BadInput`."""
        expires = int((self._clock.now() + LIFETIME).timestamp())
        body = json.dumps([entrant.username, entrant.session_id, challenge, expires]).encode()
        code = f"{_encode(body)}.{_encode(self._sign(body))}"
        return f"{self.apps_url}{ENTER}?{urlencode({'code': code, 'to': checked_path(to)})}"

    def entrant(self, code: str, verifier: str) -> Entrant:
        """Whom the code lets in. Raises `TokenInvalid` for one of another browser, changed or too old."""
        body, _, signature = code.partition(".")
        if not hmac.compare_digest(self._sign(_decode(body)), _decode(signature)):
            raise TokenInvalid("this is no code of this site")
        username, session_id, challenge, expires = json.loads(_decode(body))
        if expires <= self._clock.now().timestamp() or not hmac.compare_digest(challenge, _challenge(verifier)):
            raise TokenInvalid("this code is too old or of another browser; open the app again")
        return Entrant(username, session_id)

    def _sign(self, body: bytes) -> bytes:
        return hmac.digest(self._key, _PURPOSE + body, hashlib.sha256)


def proxy_key(key: bytes) -> str:
    """What the proxy shows to the manager, 64 hexadecimal digits."""
    return hmac.digest(key, b"ink proxy 1\n", hashlib.sha256).hex()


def checked_path(text: str) -> str:
    """The path itself. Raises `BadInput`."""
    if not APP_PATH.fullmatch(text):
        raise BadInput("this is no path of an app: /APP/NODE/PORT/USER/")
    return text


def _challenge(verifier: str) -> str:
    return hashlib.sha256(verifier.encode()).hexdigest()


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    """The bytes, or none for what is no base64: no signature fits that."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""
