"""What the Python client does by hand: which address and token it takes, pages, and events out of lines."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from ink_client import NoToken, checked, connect, follow, pages
from ink_client.rest.api.jobs import get_jobs
from ink_client.rest.client import AuthenticatedClient

URL = "https://ink.example"


def home(folder: Path, mode: int = 0o600, token: str = "ink_secret\n") -> dict[str, str]:
    (folder / ".ink").mkdir()
    (folder / ".ink/token").write_text(token)
    (folder / ".ink/token").chmod(mode)
    (folder / ".ink/url").write_text(f"{URL}/\n")
    return {"HOME": str(folder)}


def authorization(client: AuthenticatedClient) -> str:
    return client.get_httpx_client().headers["authorization"]


def test_address_and_token_are_those_of_the_commands(tmp_path: Path) -> None:
    client = connect(environment=home(tmp_path))
    assert (str(client.get_httpx_client().base_url), authorization(client)) == (URL, "Bearer ink_secret")


def test_the_environment_goes_before_the_files_and_what_is_given_before_both(tmp_path: Path) -> None:
    environment = {**home(tmp_path), "INK_TOKEN": "ink_environment", "INK_URL": "http://127.0.0.1:1"}
    assert authorization(connect(environment=environment)) == "Bearer ink_environment"
    given = connect("https://other.example", "ink_given", environment)
    assert str(given.get_httpx_client().base_url) == "https://other.example"
    assert authorization(given) == "Bearer ink_given"
    assert "ink_given" not in repr(given)


@pytest.mark.parametrize(
    ("mode", "token", "said"),
    [(0o644, "ink_secret", "others can read"), (0o600, "\n", "no token"), (0o600, "a\x07", "no token")],
)
def test_a_token_that_is_unsafe_or_none_is_refused(tmp_path: Path, mode: int, token: str, said: str) -> None:
    with pytest.raises(NoToken, match=said):
        connect(environment=home(tmp_path, mode, token))


@pytest.mark.parametrize("url", ["http://ink.example", "ftp://ink.example", "ink.example"])
def test_a_token_goes_nowhere_in_the_clear(url: str) -> None:
    with pytest.raises(NoToken):
        connect(url, "ink_secret", {})


def answering(*answers: httpx.Response) -> AuthenticatedClient:
    """A client whose requests get these answers, in order."""
    client, given = connect(URL, "ink_secret", {}), iter(answers)
    transport = httpx.MockTransport(lambda _: next(given))
    return client.set_httpx_client(httpx.Client(base_url=URL, transport=transport))


def test_events_are_put_together_from_their_lines() -> None:
    text = ': there\n\nid: 4\nevent: output\ndata: {"text":\ndata: "a: b"}\n\nevent: half\ndata: {'
    events = list(follow(answering(httpx.Response(200, text=text)), "/stream"))
    assert [(event.name, event.id, event.data) for event in events] == [("output", "4", {"text": "a: b"})]


def test_pages_are_asked_for_to_the_last() -> None:
    page = {
        "cluster": "c",
        "observed_at": "2026-01-15T09:30:05Z",
        "problem": None,
        "jobs": [],
        "total": 0,
        "counts": {},
    }
    first, last = ({**page, "next_cursor": cursor} for cursor in ("1", None))
    client = answering(httpx.Response(200, json=first), httpx.Response(200, json=last))
    assert [each.next_cursor for each in pages(get_jobs.sync, client=client)] == ["1", None]


def test_an_operation_without_an_answer_is_not_taken_for_one() -> None:
    with pytest.raises(TypeError, match="answers nothing"):
        checked(None)
