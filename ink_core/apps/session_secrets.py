"""The secrets of a session: HMAC-SHA256 of its id with the site's key, so that they are kept nowhere.

The manager knows them again after a restart; nobody else can make them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac


class SessionSecrets:
    def __init__(self, key: bytes) -> None:
        self._key = key

    def door(self, session_id: str) -> str:
        """What the proxy shows to the door with every request."""
        return self._derived("door", session_id)

    def callback(self, session_id: str) -> str:
        """What the door shows once, to register."""
        return self._derived("callback", session_id)

    def sign_in(self, session_id: str) -> str:
        """What the door shows to an app that cannot go without a token."""
        return self._derived("sign in", session_id)

    def is_callback(self, session_id: str, token: str) -> bool:
        """In constant time, whether or not there is such a session."""
        return hmac.compare_digest(self.callback(session_id).encode(), token.encode())

    def _derived(self, purpose: str, session_id: str) -> str:
        digest = hmac.digest(self._key, f"ink app {purpose} 1\n{session_id}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
