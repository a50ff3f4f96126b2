"""Names of functions come from files that a job may make as it likes: these lead to no other file and are bounded."""

from __future__ import annotations

import ctypes
import mmap
import os
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from joblens.stacks import names as names_module
from joblens.stacks import places, symbols
from joblens.stacks.names import UNKNOWN, Names
from joblens.stacks.places import AddressSpace, Place, opened
from joblens.stacks.sampler import MOST_TEXT, Stack, _within_text  # pyright: ignore[reportPrivateUsage]
from joblens.stacks.symbols import SymbolTable

FORGED = 0x200000000000


@pytest.fixture
def mapped(tmp_path: Path) -> Iterator[Path]:
    """A file that this process has mapped to be run; its name goes on as a line of its own would."""
    path = tmp_path / f"library\r{FORGED:x}-{FORGED + 4096:x} r-xp 00000000 00:1b 17 shadow"
    path.write_bytes(bytes(4096))
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC):
        yield path


def place_of(path: Path) -> Place:
    seen = os.stat(path)
    return Place(0, 4096, 0, (os.major(seen.st_dev), os.minor(seen.st_dev)), seen.st_ino, str(path))


def test_a_name_of_a_file_forges_no_line_of_the_address_space(mapped: Path) -> None:
    space = AddressSpace(os.getpid())
    assert space.find(FORGED) is None
    assert any(place.path == str(mapped) for place in space._places)  # pyright: ignore[reportPrivateUsage]


def test_a_file_that_is_no_regular_one_or_another_is_not_opened(tmp_path: Path, mapped: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="another file"):
        opened(os.getpid(), place_of(pipe))
    with pytest.raises(OSError, match="another file"):
        opened(os.getpid(), place_of(mapped)._replace(path=str(pipe)))
    descriptor = opened(os.getpid(), place_of(mapped))
    assert os.fstat(descriptor).st_ino == place_of(mapped).inode
    os.close(descriptor)


def test_of_an_address_space_so_much_is_remembered_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = AddressSpace(os.getpid())
    monkeypatch.setattr(places, "MOST_BYTES", whole.bytes // 2)
    cut = AddressSpace(os.getpid())
    assert 0 < cut.bytes <= whole.bytes // 2
    monkeypatch.setattr(names_module, "MOST_BYTES", cut.bytes)
    known = Names()
    for pid in (os.getpid(), os.getppid()):
        known.of(pid, {17})
    spaces = known._spaces.values()  # pyright: ignore[reportPrivateUsage]
    assert sum(space.bytes for space in spaces) <= cut.bytes


def test_when_the_time_for_names_is_over_nothing_is_looked_at() -> None:
    function = ctypes.cast(ctypes.pythonapi.PyObject_Repr, ctypes.c_void_p).value or 0
    known = Names()
    assert known.of(os.getpid(), {function}, time.monotonic()) == {function: UNKNOWN}
    named = known.of(os.getpid(), {function})
    assert named != {function: UNKNOWN}
    assert known.of(os.getpid(), {function}, time.monotonic()) == named


def test_functions_that_all_lie_over_each_other_take_no_longer_than_a_table_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    symbol = struct.pack("<IBBHQQ", 0, 2, 0, 1, 0, 2**40) * 3
    section = struct.pack("<IIQQQQIIQQ", 0, 2, 0, 0, 128, len(symbol), 0, 0, 0, 0)
    head = struct.pack("<4sBB10xHHIQQQIHHHHHH", b"\x7fELF", 2, 1, 3, 62, 1, 0, 0, 64, 0, 64, 0, 0, 64, 1, 0)
    (tmp_path / "library").write_bytes(head + section + symbol)
    descriptor = os.open(tmp_path / "library", os.O_RDONLY)
    try:
        assert SymbolTable(descriptor).functions([1, 2]) != []
        moments = iter((0.0, 0.0, symbols.LONGEST_S + 1))
        monkeypatch.setattr(symbols, "time", SimpleNamespace(monotonic=lambda: next(moments)))
        with pytest.raises(ValueError, match="too long"):
            SymbolTable(descriptor).functions([1, 2])
    finally:
        os.close(descriptor)


def test_of_a_look_so_much_text_is_told_and_no_more() -> None:
    stack = Stack(1, "a", ("f" * (MOST_TEXT // 3),), 1, 1)
    assert len(list(_within_text([stack] * 5))) == 3
