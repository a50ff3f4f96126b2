"""Addresses become names: of functions where the file tells them, and whatever stands in a file does no harm."""

from __future__ import annotations

import ctypes
import os
import random
from pathlib import Path

import pytest

from joblens.stacks.names import Names
from joblens.stacks.places import AddressSpace
from joblens.stacks.plain import plain
from joblens.stacks.symbols import Function, SymbolTable

NAME = "PyObject_Repr"


def address() -> int:
    """Of a function of this very process."""
    return ctypes.cast(getattr(ctypes.pythonapi, NAME), ctypes.c_void_p).value or 0


def test_an_address_has_the_name_of_the_function_that_it_lies_in() -> None:
    names = Names()
    first = names.of(os.getpid(), {address(), address() + 1, 17})
    again = names.of(os.getpid(), {address() + 1})
    assert first == {address(): NAME, address() + 1: NAME, 17: "[unknown]"}
    assert again == {address() + 1: NAME}


def test_a_function_is_found_with_where_it_begins_and_ends_and_what_is_between_is_a_hole() -> None:
    place = AddressSpace(os.getpid()).find(address())
    assert place is not None
    descriptor = os.open(place.path, os.O_RDONLY)
    try:
        table = SymbolTable(descriptor)
        found, hole = table.functions([1, 2**62])
        assert (found.name, hole.name, found.start, hole.end) == ("", "", 0, 2**64)
        assert found.start <= 1 < found.end < hole.start <= 2**62
    finally:
        os.close(descriptor)


def test_what_is_no_program_or_a_spoilt_one_names_nothing_and_raises_nothing_else(tmp_path: Path) -> None:
    place = AddressSpace(os.getpid()).find(address())
    assert place is not None
    chance, begin = random.Random(7), Path(place.path).read_bytes()[:200_000]
    for _ in range(300):
        spoilt = bytearray(begin[: chance.choice((40, 64, 4_000, len(begin)))])
        for _ in range(chance.randrange(1, 20)):
            spoilt[chance.randrange(16, min(len(spoilt), 1_000))] = chance.randrange(256)
        (tmp_path / "spoilt").write_bytes(spoilt)
        descriptor = os.open(tmp_path / "spoilt", os.O_RDONLY)
        try:
            assert all(isinstance(each, Function) for each in SymbolTable(descriptor).functions([4_096, 9_000]))
        except ValueError:
            pass
        finally:
            os.close(descriptor)


@pytest.mark.parametrize(
    ("linked", "told"),
    [
        ("main", "main"),
        ("_Z3fiti", "fit"),
        ("_ZN7TBasket17ReadBasketBuffersEliP5TFile", "TBasket::ReadBasketBuffers"),
        ("_ZNK5TTree8GetEntryEx", "TTree::GetEntry"),
        ("_ZN3edm5EventC2Ev", "edm::Event::Event"),
        ("_ZN3edm5EventD1Ev", "edm::Event::~Event"),
        ("_ZNSt6thread4joinEv", "std::thread::join"),
        ("_ZNSt6vectorIiSaIiEE9push_backEOi", "_ZNSt6vectorIiSaIiEE9push_backEOi"),
        ("_ZN9999999", "_ZN9999999"),
        ("_Z9", "_Z9"),
        ("_ZNE", "_ZNE"),
    ],
)
def test_plain_names_of_c_plus_plus_are_told_as_programs_write_them(linked: str, told: str) -> None:
    assert plain(linked) == told
