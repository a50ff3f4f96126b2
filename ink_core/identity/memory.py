"""The shipped double of `IdentityStore`: all in memory, gone at the end of the process."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime

from ink_core.errors import Conflict, NotFound
from ink_core.identity.memory_grants import InMemoryGrants
from ink_core.identity.memory_groups import InMemoryGroups
from ink_core.identity.model import Credential, CredentialKind, User


class InMemoryIdentityStore:
    """Implements `IdentityStore`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users: dict[str, User] = {}
        self._passwords: dict[str, str] = {}
        self._credentials: dict[str, Credential] = {}
        self._bound: dict[tuple[str, str], str] = {}
        self.groups = InMemoryGroups(lambda username: username in self._users)
        self.grants = InMemoryGrants(lambda known: any(one.id == known for one in self._credentials.values()))

    def add_user(self, user: User, password_hash: str | None) -> None:
        with self._lock:
            if user.username in self._users:
                raise Conflict(f"there is a user {user.username} already")
            self._users[user.username] = user
            if password_hash is not None:
                self._passwords[user.username] = password_hash

    def put_user(self, user: User) -> None:
        with self._lock:
            self._require(user.username)
            self._users[user.username] = user

    def remove_user(self, username: str) -> Sequence[str]:
        with self._lock:
            self._require(username)
            del self._users[username]
            self._passwords.pop(username, None)
            self._bound = {key: name for key, name in self._bound.items() if name != username}
            self.groups.forget(username)
            return self._remove([d for d, c in self._credentials.items() if c.username == username])

    def user(self, username: str) -> User | None:
        user = self._users.get(username)
        return self.groups.completed(user) if user else None

    def users(self) -> Sequence[User]:
        with self._lock:
            return [self.groups.completed(self._users[name]) for name in sorted(self._users)]

    def some_users(self, text: str, after: str, most: int) -> Sequence[User]:
        return [user for user in self.users() if text in user.username and user.username > after][:most]

    def bind(self, issuer: str, subject: str, username: str) -> None:
        with self._lock:
            self._require(username)
            if (issuer, subject) in self._bound or any(
                name == username and key[0] == issuer for key, name in self._bound.items()
            ):
                raise Conflict(f"{username} or {subject} is bound at {issuer} already")
            self._bound[issuer, subject] = username

    def bound(self, issuer: str, subject: str) -> User | None:
        username = self._bound.get((issuer, subject))
        return self.user(username) if username else None

    def password_hash(self, username: str) -> str | None:
        return self._passwords.get(username)

    def set_password_hash(self, username: str, password_hash: str) -> None:
        with self._lock:
            self._require(username)
            self._passwords[username] = password_hash

    def add_credential(self, credential: Credential, digest: str, *, keep: int) -> Sequence[str]:
        with self._lock:
            self._require(credential.username)
            self._credentials[digest] = credential
            surplus = self._newest_first(credential.username, credential.kind)[keep:]
            return self._remove([digest for digest, _ in surplus])

    def find(self, digest: str) -> tuple[Credential, User] | None:
        with self._lock:
            credential = self._credentials.get(digest)
            return (credential, self._owner(credential)) if credential else None

    def take(self, digest: str, kind: CredentialKind) -> tuple[Credential, User] | None:
        with self._lock:
            credential = self._credentials.get(digest)
            if credential is None or credential.kind is not kind:
                return None
            del self._credentials[digest]
            return credential, self._owner(credential)

    def credentials(self, username: str, kind: CredentialKind) -> Sequence[Credential]:
        with self._lock:
            return [credential for _, credential in self._newest_first(username, kind)]

    def some_tokens(self, text: str, after: tuple[str, str], at: datetime, most: int) -> Sequence[Credential]:
        with self._lock:
            found = [
                one
                for one in self._credentials.values()
                if one.kind is CredentialKind.TOKEN and text in one.username and one.expires_at > at
            ]
        return sorted((one for one in found if _place(one) > after), key=_place)[:most]

    def remove(self, username: str, credential_id: str) -> str | None:
        with self._lock:
            found = [
                digest
                for digest, credential in self._credentials.items()
                if credential.id == credential_id and credential.username == username
            ]
            return next(iter(self._remove(found)), None)

    def remove_all(self, username: str, kind: CredentialKind) -> Sequence[str]:
        with self._lock:
            return self._remove([digest for digest, _ in self._newest_first(username, kind)])

    def renew(self, username: str, credential_id: str, digest: str, expires_at: datetime) -> str | None:
        with self._lock:
            for old, credential in self._credentials.items():
                if (credential.id, credential.username) == (credential_id, username):
                    del self._credentials[old]
                    self._credentials[digest] = credential.model_copy(update={"expires_at": expires_at})
                    return old
            return None

    def touch(self, credential_id: str, at: datetime) -> None:
        with self._lock:
            for digest, credential in self._credentials.items():
                if credential.id == credential_id:
                    self._credentials[digest] = credential.model_copy(update={"last_used_at": at})

    def spend_jobs(self, credential_id: str, count: int) -> bool:
        with self._lock:
            for digest, credential in self._credentials.items():
                used = credential.jobs_used + count
                if credential.id == credential_id and (credential.jobs is None or used <= credential.jobs):
                    self._credentials[digest] = credential.model_copy(update={"jobs_used": used})
                    return True
            return False

    def remove_expired(self, before: datetime) -> int:
        with self._lock:
            return len(self._remove([d for d, c in self._credentials.items() if c.expires_at < before]))

    def _require(self, username: str) -> None:
        if username not in self._users:
            raise NotFound(f"there is no user {username}")

    def _owner(self, credential: Credential) -> User:
        return self.groups.completed(self._users[credential.username])

    def close(self) -> None:
        """There is nothing to give back."""

    def _newest_first(self, username: str, kind: CredentialKind) -> list[tuple[str, Credential]]:
        of_user = [(d, c) for d, c in self._credentials.items() if c.username == username and c.kind is kind]
        return sorted(of_user, key=lambda item: (item[1].created_at, item[1].id), reverse=True)

    def _remove(self, digests: list[str]) -> list[str]:
        for digest in digests:
            del self._credentials[digest]
        return digests


def _place(credential: Credential) -> tuple[str, str]:
    return credential.username, credential.id
