"""What never reaches the ledger, and what must not be mistaken for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from audit.canonical import canonical_text
from audit.redaction import redact, redact_text, surely_clean

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\nAAAA\n-----END OPENSSH PRIVATE KEY-----"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.requirement("AUDIT-REDACT-01")
@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("token ink_Ab3-defghijklmnop_qrst is mine", "ink_Ab3-defghijklmnop_qrst"),
        ("ink_session=inks_Ab3-defghijklmnop_qrst", "inks_Ab3"),
        ("/sign-in?code=inkc_Ab3-defghijklmnop_qrst", "inkc_Ab3"),
        ("Authorization: Bearer abcdef0123456789.ABC==", "abcdef0123456789"),
        ("Authorization: Basic YWxpY2U6aHVudGVyMg==", "YWxpY2U6aHVudGVyMg"),
        (f"before {KEY} after", "b3BlbnNzaC1rZXk"),
        ("cut off: " + KEY[:60], "b3BlbnNzaC1rZXk"),
        ("eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl", "c2lnbmF0dXJl"),
        ("export OPENAI_API_KEY=sk-abcdefghijklmnopqrstuvwx", "sk-abcdef"),
        ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "ghp_abc"),
        ("AKIAIOSFODNN7EXAMPLE", "AKIAIOSF"),
        ("postgresql://ink:hunter2@db/ink", "hunter2"),
        ('{"db_password": "hunter2"}', "hunter2"),
        ("client_secret=hunter2&grant=x", "hunter2"),
        ("PASSWORD: hunter2", "hunter2"),
    ],
)
def test_a_credential_inside_a_text_is_replaced(text: str, secret: str) -> None:
    assert secret in text
    assert secret not in redact_text(text)


def test_the_rest_of_a_text_stays_as_it_was() -> None:
    assert redact_text(f"before {KEY} after") == "before [redacted:private_key] after"
    assert redact_text("postgresql://ink:hunter2@db/ink") == "postgresql://ink:[redacted]@db/ink"


@pytest.mark.requirement("AUDIT-REDACT-01")
@pytest.mark.parametrize(
    "name", ["password", "db_password", "token", "resume_token", "secret", "api_key", "apikey", "Authorization"]
)
def test_a_field_with_a_secret_name_loses_its_text_at_any_depth(name: str) -> None:
    value: JsonValue = {"a": [{name: "hunter2", "user": "alice"}]}
    assert redact(value) == {"a": [{name: "[redacted]", "user": "alice"}]}


@pytest.mark.parametrize(
    "value",
    [
        {"prompt_tokens": 12, "completion_tokens": 3, "max_tokens": 100},
        {"credential": "session of alice", "token_count": 7},
        {"job_id": "172.0", "command": "/home/alice/hello.sh", "owner": "alice"},
        {"text": "tokens are counted; the password prompt; secretary; a passport"},
        {"sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
        {"token": None, "password": ""},
        {"text": "password = getpass.getpass()\nsecret = os.environ['SECRET']\ndef f(password: string, api_key: str)"},
        {"text": 'export DB_PASSWORD=$PASSWORD; curl --data "client_secret=${SECRET}"'},
        {"url": "https://example.org/a?b=c", "mail": "alice@example.org"},
    ],
)
def test_ordinary_content_is_untouched(value: JsonValue) -> None:
    assert redact(value) == value


SECRETS = st.sampled_from(
    ["sk-" + "a" * 24, "password=hunter2", "x\n-----BEGIN PRIVATE KEY-----", "Bearer " + "b" * 20, "a://b:hunter2@c"]
)


@given(st.dictionaries(st.sampled_from(["user", "token", "a_secret", "Cookie\n"]) | st.text(), JSON | SECRETS))
def test_what_is_surely_clean_has_nothing_to_redact(value: dict[str, JsonValue]) -> None:
    assert not surely_clean(canonical_text(value)) or redact(value) == value


def test_ordinary_content_is_surely_clean() -> None:
    assert surely_clean(canonical_text({"tool": "list_files", "rule": "high-risk-on-others-property", "max_tokens": 7}))


@given(JSON)
def test_redacting_twice_changes_nothing_more(value: JsonValue) -> None:
    once = redact(value)
    assert redact(once) == once


def test_a_megabyte_of_text_is_redacted_in_bounded_time() -> None:
    for text in ("a" * 1_000_000, "a:" * 500_000, "x_password" * 100_000, "eyJ" * 300_000, "-----BEGIN " * 90_000):
        redact_text(text)
