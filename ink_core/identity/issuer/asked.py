"""What a client asks for: scopes of the platform, and the words of OpenID Connect."""

from __future__ import annotations

from dataclasses import dataclass

from ink_core.identity.issuer.clients import Client
from ink_core.identity.issuer.errors import InvalidScope
from ink_core.identity.principal import Scope

OPENID, PROFILE, OFFLINE = "openid", "profile", "offline_access"
WORDS = frozenset({OPENID, PROFILE, OFFLINE})
SAME_HERE = {"files:delete": Scope.FILES_WRITE}
"""INK's scopes that are part of another one here."""
MOST_TEXT = 1000
"""Characters of `scope`: strangers send it, and each of its words is looked at."""


@dataclass(frozen=True)
class Asked:
    """`words` are those of OpenID Connect."""

    scopes: frozenset[Scope]
    words: frozenset[str]

    @property
    def text(self) -> str:
        """As in the field `scope` (RFC 6749, section 3.3)."""
        return " ".join(sorted(self.words | self.scopes))

    @property
    def renewable(self) -> bool:
        """A program that works for its user goes on to; one that only asks who it is does not, unless it says so."""
        return bool(self.scopes) or OFFLINE in self.words


def asked_by(client: Client, text: str) -> Asked:
    """Unknown words are passed over (OpenID Connect Core 1.0, section 3.1.2.1).

    Raises `InvalidScope` when nothing is left, or for more than the client may ask for.
    """
    if len(text) > MOST_TEXT:
        raise InvalidScope(f"scope has at most {MOST_TEXT} characters")
    named = [SAME_HERE.get(word, word) for word in text.split()]
    scopes = frozenset(Scope(word) for word in named if word in list(Scope))
    words = WORDS.intersection(named)
    if excess := sorted(scopes - client.scopes):
        raise InvalidScope(f"{client.title} may not ask for {', '.join(excess)}")
    if not scopes and OPENID not in words:
        raise InvalidScope(f"ask for {OPENID}, or for some of {' '.join(sorted(client.scopes))}")
    return Asked(scopes, words)
