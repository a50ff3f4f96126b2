"""The cache of checked credentials: short, bounded, and never older than a revocation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ink_core.identity.cache import FRESH_S, MAX_ENTRIES, CredentialCache
from ink_core.identity.model import CredentialKind
from ink_core.identity.principal import Principal

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
TOKEN = CredentialKind.TOKEN
ALICE = Principal(username="alice", is_admin=False, scopes=frozenset(), credential="token:1")


def remember(cache: CredentialCache, digest: str, expires_at: datetime = LATER, seen: int | None = None) -> None:
    generation = cache.generation if seen is None else seen
    cache.put(digest, TOKEN, ALICE, expires_at=expires_at, now=NOON, seen=generation)


def test_it_answers_for_a_moment_and_for_the_same_kind_only() -> None:
    cache = CredentialCache()
    remember(cache, "d")
    assert cache.get("d", TOKEN, NOON) == ALICE
    assert cache.get("d", CredentialKind.SESSION, NOON) is None
    assert cache.get("d", TOKEN, NOON + timedelta(seconds=FRESH_S)) is None


def test_it_never_outlives_the_credential() -> None:
    cache = CredentialCache()
    remember(cache, "d", expires_at=NOON + timedelta(seconds=1))
    assert cache.get("d", TOKEN, NOON + timedelta(seconds=1)) is None


def test_what_is_revoked_is_forgotten_at_once() -> None:
    cache = CredentialCache()
    for digest in ("a", "b"):
        remember(cache, digest)
    cache.forget(["a"])
    assert cache.get("a", TOKEN, NOON) is None
    assert cache.get("b", TOKEN, NOON) == ALICE
    cache.forget_user("alice")
    assert cache.get("b", TOKEN, NOON) is None


def test_a_lookup_that_a_revocation_overtook_is_not_remembered() -> None:
    cache = CredentialCache()
    before = cache.generation
    cache.forget(["d"])
    remember(cache, "d", seen=before)
    assert cache.get("d", TOKEN, NOON) is None


def test_it_is_bounded() -> None:
    cache = CredentialCache()
    for number in range(MAX_ENTRIES + 1):
        remember(cache, str(number))
    assert cache.get("0", TOKEN, NOON) is None
    assert cache.get(str(MAX_ENTRIES), TOKEN, NOON) == ALICE
