"""File names as text: every name has one, and it leads back to the same bytes."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker_agent.names import from_wire, to_wire

pytestmark = pytest.mark.requirement("CORE-FILES-04")

NAMES = st.binary(min_size=1).filter(lambda name: b"\0" not in name and b"/" not in name)


@given(NAMES)
def test_every_name_comes_back_as_the_same_bytes(name: bytes) -> None:
    text = json.loads(json.dumps(to_wire(os.fsdecode(name))).encode())
    assert os.fsencode(from_wire(text)) == name


@given(st.text().filter(lambda text: not any("\uef80" <= character <= "\uefff" for character in text)))
def test_text_without_private_characters_is_its_own_name(text: str) -> None:
    assert to_wire(text) == from_wire(text) == text


@given(st.text("/.a\uef80\uefff\uefaf\uefae\uefe2", min_size=1))
def test_no_text_smuggles_a_separator_or_a_dot_into_a_name(text: str) -> None:
    name = os.fsencode(from_wire(text))
    assert (name.count(b"/"), name.count(b".")) == (text.count("/"), text.count("."))


def test_the_byte_stands_at_the_end_of_the_character() -> None:
    assert to_wire(os.fsdecode(b"caf\xe9")) == "caf\uefe9"
    assert to_wire("\uef80") == "\uefee\uefbe\uef80"
