"""Generated requests to every operation: no 5xx, and no answer that the OpenAPI document does not describe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance.embedded import Embedded, running_embedded
from tests.fuzz.running import ADMIN, ADMIN_SCOPES, SETTINGS, SHORT, USER, USER_SCOPES, operations_of, run, token_of

pytestmark = [pytest.mark.integration, pytest.mark.timeout(900), pytest.mark.xdist_group("contract")]


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with running_embedded(tmp_path_factory.mktemp("contract"), SETTINGS) as embedded:
        for user in (USER, ADMIN):
            client = embedded.sign_in(user)
            client.get("/files")  # their agents are there: that one is still starting is a 503
            client.http.close()
        yield embedded


def test_a_user_meets_nothing_that_is_not_described(embedded: Embedded) -> None:
    code, said = run(embedded, token_of(embedded, USER, USER_SCOPES), SHORT)
    assert code == 0, said


def test_an_administrator_meets_nothing_that_is_not_described(embedded: Embedded) -> None:
    token = token_of(embedded, ADMIN, (*USER_SCOPES, *ADMIN_SCOPES))
    code, said = run(embedded, token, SHORT, operations_of(ADMIN_SCOPES))
    assert code == 0, said
