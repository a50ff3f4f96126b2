"""What every store of identities promises: the double and the database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ink_core.errors import Conflict, NotFound
from ink_core.identity.grant_store import Grant
from ink_core.identity.memory import InMemoryIdentityStore
from ink_core.identity.model import Credential, CredentialKind, Group, User
from ink_core.identity.principal import Scope
from ink_core.identity.sql import SqlIdentityStore
from ink_core.identity.store import IdentityStore
from tests.doubles.empty_database import empty_database

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ALICE = User(username="alice", is_admin=False, disabled=False, created_at=NOON)
GPU = Group(
    name="gpu",
    description="who may use the GPUs",
    permissions=frozenset({"gpu", "CentOS7"}),
    scopes=frozenset(),
    created_at=NOON,
)
TOKEN, SESSION, CODE = CredentialKind.TOKEN, CredentialKind.SESSION, CredentialKind.CODE


@pytest.fixture(params=["memory", "postgresql", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[IdentityStore]:
    if request.param == "memory":
        yield InMemoryIdentityStore()
        return
    database = empty_database(_url(request, tmp_path))
    yield SqlIdentityStore(database)
    database.close()


def _url(request: pytest.FixtureRequest, path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{path}/ink.db"
    url: str = request.getfixturevalue("postgresql_url")
    return url


def credential(number: int = 1, kind: CredentialKind = TOKEN, username: str = "alice") -> Credential:
    made = NOON + timedelta(seconds=number)
    return Credential(
        id=f"id{number}",
        kind=kind,
        username=username,
        name=f"name {number}",
        scopes=frozenset({Scope.JOBS_READ, Scope.FILES_READ}),
        created_at=made,
        expires_at=made + timedelta(hours=1),
    )


def test_a_user_comes_back_as_it_was_put_in(store: IdentityStore) -> None:
    store.add_user(ALICE, "hash")
    assert (store.user("alice"), store.password_hash("alice")) == (ALICE, "hash")
    assert store.user("bob") is None
    assert store.password_hash("bob") is None


def test_a_name_is_taken_once_and_its_first_owner_stays(store: IdentityStore) -> None:
    store.add_user(ALICE, "hash")
    with pytest.raises(Conflict):
        store.add_user(ALICE.model_copy(update={"is_admin": True}), "other")
    assert (store.user("alice"), store.password_hash("alice")) == (ALICE, "hash")


def test_users_are_listed_by_name(store: IdentityStore) -> None:
    for name in ("bob", "alice", "carol"):
        store.add_user(ALICE.model_copy(update={"username": name}), None)
    assert [user.username for user in store.users()] == ["alice", "bob", "carol"]


def test_roles_and_password_change_for_known_users_only(store: IdentityStore) -> None:
    store.add_user(ALICE, None)
    disabled = ALICE.model_copy(update={"disabled": True})
    store.put_user(disabled)
    store.set_password_hash("alice", "new")
    assert (store.user("alice"), store.password_hash("alice")) == (disabled, "new")
    with pytest.raises(NotFound):
        store.put_user(ALICE.model_copy(update={"username": "bob"}))
    with pytest.raises(NotFound):
        store.set_password_hash("bob", "new")


def test_a_credential_is_found_by_its_digest_with_its_user(store: IdentityStore) -> None:
    store.add_user(ALICE, None)
    store.add_credential(credential(), "d1", keep=10)
    assert store.find("d1") == (credential(), ALICE)
    assert store.find("d2") is None


def test_a_credential_of_nobody_is_refused(store: IdentityStore) -> None:
    with pytest.raises(NotFound):
        store.add_credential(credential(), "d1", keep=10)


def test_credentials_are_listed_by_kind_newest_first(store: IdentityStore) -> None:
    store.add_user(ALICE, None)
    for number, kind in ((1, TOKEN), (2, SESSION), (3, TOKEN)):
        store.add_credential(credential(number, kind), f"d{number}", keep=10)
    assert [found.id for found in store.credentials("alice", TOKEN)] == ["id3", "id1"]


def test_the_oldest_beyond_the_bound_give_way(store: IdentityStore) -> None:
    store.add_user(ALICE, None)
    store.add_credential(credential(9, TOKEN), "token", keep=1)
    removed = [store.add_credential(credential(n, SESSION), f"d{n}", keep=2) for n in (1, 2, 3)]
    assert [list(digests) for digests in removed] == [[], [], ["d1"]]
    assert store.find("d1") is None
    assert store.find("token"), "the bound is per kind"


def test_only_the_owner_removes_a_credential(store: IdentityStore) -> None:
    for name in ("alice", "bob"):
        store.add_user(ALICE.model_copy(update={"username": name}), None)
    store.add_credential(credential(), "d1", keep=10)
    assert store.remove("bob", "id1") is None
    assert store.find("d1")
    assert store.remove("alice", "id1") == "d1"
    assert store.remove("alice", "id1") is None
    assert store.find("d1") is None


def test_all_of_one_kind_are_removed_at_once(store: IdentityStore) -> None:
    store.add_user(ALICE, None)
    for number, kind in ((1, SESSION), (2, SESSION), (3, TOKEN)):
        store.add_credential(credential(number, kind), f"d{number}", keep=10)
    assert sorted(store.remove_all("alice", SESSION)) == ["d1", "d2"]
    assert [store.find(f"d{n}") is None for n in (1, 2, 3)] == [True, True, False]
    assert list(store.remove_all("alice", SESSION)) == []


def test_a_taken_credential_must_be_of_the_kind_that_was_asked(store: IdentityStore) -> None:
    store.add_user(ALICE, None)
    store.add_credential(credential(), "d1", keep=10)
    assert store.take("d1", CODE) is None
    assert store.find("d1"), "it is still there for its own kind"
    assert store.take("d1", TOKEN) == (credential(), ALICE)
    assert store.take("d1", TOKEN) is None


def test_of_many_takers_at_once_exactly_one_gets_it(store: IdentityStore) -> None:
    store.add_user(ALICE, None)
    store.add_credential(credential(1, CODE), "d1", keep=10)
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: store.take("d1", CODE), range(16)))
    assert [found for found in taken if found] == [(credential(1, CODE), ALICE)]


def test_its_use_is_noted_and_that_of_a_removed_one_is_no_error(store: IdentityStore) -> None:
    store.add_user(ALICE, None)
    store.add_credential(credential(), "d1", keep=10)
    store.touch("id1", NOON)
    store.touch("gone", NOON)
    assert [found.last_used_at for found in store.credentials("alice", TOKEN)] == [NOON]


def test_what_expired_before_a_time_is_removed(store: IdentityStore) -> None:
    store.add_user(ALICE, None)
    for number in (1, 2):
        store.add_credential(credential(number), f"d{number}", keep=10)
    assert store.remove_expired(credential(2).expires_at) == 1
    assert [found.id for found in store.credentials("alice", TOKEN)] == ["id2"]


def test_a_removed_user_is_gone_with_credentials_and_memberships(store: IdentityStore) -> None:
    for name in ("alice", "bob"):
        store.add_user(ALICE.model_copy(update={"username": name}), "hash")
    store.groups.add(GPU)
    store.groups.add_member("gpu", "alice")
    for number, (kind, owner) in enumerate(((TOKEN, "alice"), (SESSION, "alice"), (TOKEN, "bob"))):
        store.add_credential(credential(number, kind, owner), f"d{number}", keep=10)
    assert sorted(store.remove_user("alice")) == ["d0", "d1"]
    assert (store.user("alice"), store.password_hash("alice"), store.find("d0")) == (None, None, None)
    assert store.find("d2")
    assert list(store.groups.members("gpu")) == []
    with pytest.raises(NotFound):
        store.remove_user("alice")


def test_users_are_found_by_a_part_of_their_name_page_by_page(store: IdentityStore) -> None:
    for name in ("bob", "alice", "alan", "a_b", "carol"):
        store.add_user(ALICE.model_copy(update={"username": name}), None)
    assert [user.username for user in store.some_users("al", "", 10)] == ["alan", "alice"]
    assert [user.username for user in store.some_users("", "alan", 2)] == ["alice", "bob"]
    assert [user.username for user in store.some_users("_", "", 10)] == ["a_b"]


def test_tokens_of_everybody_are_found_by_a_part_of_the_owners_name_page_by_page(store: IdentityStore) -> None:
    for name in ("bob", "alice"):
        store.add_user(ALICE.model_copy(update={"username": name}), None)
    kept = (credential(1, username="bob"), credential(2), credential(3, SESSION), credential(4))
    for one in kept:
        store.add_credential(one, f"digest of {one.id}", keep=9)

    def found(text: str, after: tuple[str, str], most: int = 9, at: datetime = NOON) -> list[str]:
        return [one.id for one in store.some_tokens(text, after, at, most)]

    assert found("", ("", "")) == ["id2", "id4", "id1"]
    assert found("", ("", ""), most=1) == ["id2"]
    assert found("", ("alice", "id2")) == ["id4", "id1"]
    assert found("li", ("", "")) == ["id2", "id4"]
    assert found("", ("", ""), at=kept[1].expires_at) == ["id4"], "one that has expired counts no more"


def test_a_user_may_have_fewer_scopes_than_all(store: IdentityStore) -> None:
    narrow = ALICE.model_copy(update={"own_scopes": frozenset({Scope.JOBS_READ})})
    nothing = ALICE.model_copy(update={"username": "bob", "own_scopes": frozenset[Scope]()})
    store.add_user(ALICE, None)
    store.put_user(narrow)
    store.add_user(nothing, None)
    assert (store.user("alice"), store.user("bob")) == (narrow, nothing)


def test_a_group_comes_back_as_it_was_put_in_and_its_name_is_taken_once(store: IdentityStore) -> None:
    store.groups.add(GPU)
    with pytest.raises(Conflict):
        store.groups.add(GPU.model_copy(update={"description": "other"}))
    assert (store.groups.get("gpu"), store.groups.get("cpu")) == (GPU, None)
    changed = GPU.model_copy(update={"permissions": frozenset[str](), "scopes": frozenset({Scope.AUDIT_READ})})
    store.groups.put(changed)
    store.groups.add(GPU.model_copy(update={"name": "auditors"}))
    assert [group.name for group in store.groups.all()] == ["auditors", "gpu"]
    assert store.groups.get("gpu") == changed
    store.groups.remove("gpu")
    assert store.groups.get("gpu") is None
    for missing in (lambda: store.groups.remove("gpu"), lambda: store.groups.put(GPU)):
        with pytest.raises(NotFound):
            missing()


def test_a_user_has_the_groups_and_scopes_of_its_memberships(store: IdentityStore) -> None:
    store.add_user(ALICE, None)
    store.add_credential(credential(), "d1", keep=10)
    store.groups.add(GPU)
    store.groups.add(GPU.model_copy(update={"name": "auditors", "scopes": frozenset({Scope.AUDIT_READ})}))
    for name in ("gpu", "auditors", "gpu"):
        store.groups.add_member(name, "alice")
    member = ALICE.model_copy(update={"groups": ("auditors", "gpu"), "granted": frozenset({Scope.AUDIT_READ})})
    assert (store.user("alice"), list(store.users()), store.find("d1")) == (member, [member], (credential(), member))
    assert list(store.groups.members("gpu")) == ["alice"]
    store.put_user(member)
    store.groups.remove("auditors")
    store.groups.remove_member("gpu", "alice")
    assert store.user("alice") == ALICE, "membership is no role of the user's own"


def test_only_users_are_members_and_only_of_groups(store: IdentityStore) -> None:
    store.add_user(ALICE, None)
    store.groups.add(GPU)
    for name, username in (("gpu", "bob"), ("cpu", "alice")):
        with pytest.raises(NotFound):
            store.groups.add_member(name, username)
    with pytest.raises(NotFound):
        store.groups.remove_member("gpu", "alice")
    assert list(store.groups.members("cpu")) == []


def test_a_person_of_an_issuer_is_one_user_and_a_user_one_person(store: IdentityStore) -> None:
    for name in ("alice", "bob"):
        store.add_user(ALICE.model_copy(update={"username": name}), None)
    store.bind("https://idp.example", "subject-1", "alice")
    for subject, username in (("subject-1", "alice"), ("subject-1", "bob"), ("subject-2", "alice")):
        with pytest.raises(Conflict):
            store.bind("https://idp.example", subject, username)
    store.bind("https://other.example", "subject-1", "bob")
    assert store.bound("https://idp.example", "subject-1") == ALICE
    assert store.bound("https://idp.example", "subject-2") is None
    with pytest.raises(NotFound):
        store.bind("https://idp.example", "subject-3", "nobody")
    store.remove_user("alice")
    assert store.bound("https://idp.example", "subject-1") is None


def test_jobs_of_a_token_are_spent_whole_or_not_at_all_and_never_twice(store: IdentityStore) -> None:
    store.add_user(ALICE, None)
    store.add_credential(credential(1).model_copy(update={"jobs": 5}), "d1", keep=10)
    store.add_credential(credential(2), "d2", keep=10)
    assert [store.spend_jobs("id1", count) for count in (3, 3, 2, 1)] == [True, False, True, False]
    assert store.spend_jobs("id2", 1000), "no number was said"
    assert not store.spend_jobs("gone", 1)
    assert [(found.jobs, found.jobs_used) for found in store.credentials("alice", TOKEN)] == [(None, 1000), (5, 5)]


def test_of_many_spenders_at_once_no_more_than_the_number_succeed(store: IdentityStore) -> None:
    store.add_user(ALICE, None)
    store.add_credential(credential().model_copy(update={"jobs": 5}), "d1", keep=10)
    with ThreadPoolExecutor(8) as threads:
        spent = list(threads.map(lambda _: store.spend_jobs("id1", 1), range(16)))
    assert sum(spent) == 5


# -- what people have given to clients


def grant(number: int = 1, client_id: str = "notebook") -> Grant:
    """Of the credential with the same number."""
    return Grant(
        id=f"g{number}",
        username="alice",
        client_id=client_id,
        scopes=frozenset({Scope.JOBS_READ}),
        words=frozenset({"openid"}),
        access_id=f"id{number}",
        signed_in_at=NOON,
        expires_at=NOON + timedelta(days=number),
    )


@pytest.fixture
def giving(store: IdentityStore) -> IdentityStore:
    """With alice and three credentials of hers."""
    store.add_user(ALICE, None)
    for number in (1, 2, 3):
        store.add_credential(credential(number), f"d{number}", keep=10)
    return store


def test_a_grant_is_found_by_its_access_token_and_by_the_family_of_its_refresh_tokens(giving: IdentityStore) -> None:
    assert giving.grants.add(grant(), "family", "r1", keep=5) == []
    assert giving.grants.add(grant(2), None, None, keep=5) == []
    assert giving.grants.of_family("family") == (grant(), "r1")
    assert giving.grants.of_access("id2") == grant(2)
    assert (giving.grants.of_family("other"), giving.grants.of_access("id3")) == (None, None)


def test_a_refresh_token_is_replaced_once(giving: IdentityStore) -> None:
    giving.grants.add(grant(), "family", "r1", keep=5)
    with ThreadPoolExecutor(4) as threads:
        won = list(threads.map(lambda number: giving.grants.rotate("g1", "r1", f"n{number}"), range(4)))
    assert sorted(won) == [False, False, False, True]
    assert giving.grants.of_family("family") == (grant(), f"n{won.index(True)}")


def test_a_grant_goes_with_its_access_token(giving: IdentityStore) -> None:
    giving.grants.add(grant(), "family", "r1", keep=5)
    giving.remove("alice", "id1")
    assert (giving.grants.of_family("family"), giving.grants.of_access("id1")) == (None, None)


def test_the_oldest_grants_at_a_client_beyond_the_bound_are_told(giving: IdentityStore) -> None:
    giving.grants.add(grant(1), None, None, keep=1)
    assert giving.grants.add(grant(2, "wiki"), None, None, keep=1) == []
    assert giving.grants.add(grant(3), None, None, keep=1) == [grant(1)]


def test_a_renewed_credential_is_known_by_its_new_secret_alone(giving: IdentityStore) -> None:
    later = NOON + timedelta(days=9)
    assert giving.renew("alice", "id1", "new", later) == "d1"
    assert giving.find("d1") is None
    assert giving.find("new") == (credential(1).model_copy(update={"expires_at": later}), ALICE)
    assert giving.renew("bob", "id2", "other", later) is None
    assert giving.renew("alice", "gone", "other", later) is None
