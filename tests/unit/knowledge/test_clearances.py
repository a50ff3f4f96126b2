"""What a credential lets the packs of the global model show."""

from __future__ import annotations

import pytest

from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal, Scope
from ink_core.labels import Confidentiality
from manager.knowledge.clearances import clearance_of

MOST = Confidentiality.EXPERIMENT


def principal(scopes: frozenset[Scope], *, is_admin: bool = False) -> Principal:
    return Principal(username="alice", is_admin=is_admin, scopes=scopes, credential="token:1")


def test_a_user_reads_what_is_theirs_and_everybodys() -> None:
    clearance = clearance_of(principal(USER_SCOPES), MOST)
    assert (clearance.names, clearance.most) == ({"user:alice"}, MOST)


def test_an_administrator_reads_what_is_for_administrators_with_the_scope_of_one_only() -> None:
    assert "admins" in clearance_of(principal(ADMIN_SCOPES, is_admin=True), MOST).names
    assert "admins" not in clearance_of(principal(USER_SCOPES, is_admin=True), MOST).names


@pytest.mark.parametrize("most", Confidentiality)
def test_a_token_that_may_not_read_jobs_is_shown_no_queue_node_or_measured_job(most: Confidentiality) -> None:
    narrow = principal(frozenset({Scope.AGENT_USE}))
    assert clearance_of(narrow, most).most is Confidentiality.PUBLIC


def test_the_clearance_of_a_model_is_not_raised_by_a_credential() -> None:
    assert clearance_of(principal(ADMIN_SCOPES, is_admin=True), Confidentiality.SCRATCH).most is Confidentiality.SCRATCH
