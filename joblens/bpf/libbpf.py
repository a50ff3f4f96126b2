"""The only door to libbpf (1.0 or newer, Debian's `libbpf1`), by `ctypes`: an object, its programs and maps."""

from __future__ import annotations

import ctypes
import math
import mmap
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from operator import itemgetter
from pathlib import Path
from struct import Struct
from typing import Any

from joblens.errors import ProbeRefused

LIBRARY = "libbpf.so.1"
_KIND_TYPEDEF = 8
_BATCH = 1024  # entries of a map at once
_POINTER, _INT, _TEXT = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
_ON_EVENT = ctypes.CFUNCTYPE(_INT, _POINTER, _POINTER, ctypes.c_size_t)
_ON_PRINT = ctypes.CFUNCTYPE(_INT, _INT, _TEXT, _POINTER)

_FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "bpf_object__open_file": (_POINTER, [_TEXT, _POINTER]),
    "bpf_object__load": (_INT, [_POINTER]),
    "bpf_object__close": (None, [_POINTER]),
    "bpf_object__find_map_by_name": (_POINTER, [_POINTER, _TEXT]),
    "bpf_object__next_map": (_POINTER, [_POINTER, _POINTER]),
    "bpf_object__find_program_by_name": (_POINTER, [_POINTER, _TEXT]),
    "bpf_map__fd": (_INT, [_POINTER]),
    "bpf_map__name": (_TEXT, [_POINTER]),
    "bpf_program__attach": (_POINTER, [_POINTER]),
    "bpf_program__fd": (_INT, [_POINTER]),
    "bpf_prog_test_run_opts": (_INT, [_INT, _POINTER]),
    "bpf_program__set_autoload": (_INT, [_POINTER, ctypes.c_bool]),
    "bpf_link__fd": (_INT, [_POINTER]),
    "bpf_link__destroy": (_INT, [_POINTER]),
    "bpf_iter_create": (_INT, [_INT]),
    "bpf_map_lookup_batch": (_INT, [_INT, _POINTER, _POINTER, _POINTER, _POINTER, _POINTER, _POINTER]),
    "bpf_map_delete_elem": (_INT, [_INT, _POINTER]),
    "ring_buffer__new": (_POINTER, [_INT, _ON_EVENT, _POINTER, _POINTER]),
    "ring_buffer__consume": (_INT, [_POINTER]),
    "ring_buffer__poll": (_INT, [_POINTER, _INT]),
    "ring_buffer__free": (None, [_POINTER]),
    "libbpf_set_print": (_POINTER, [_POINTER]),
    "btf__load_vmlinux_btf": (_POINTER, []),
    "btf__find_by_name_kind": (_INT, [_POINTER, _TEXT, ctypes.c_uint32]),
    "btf__free": (None, [_POINTER]),
}


def load_library() -> ctypes.CDLL:
    """Raises `ProbeRefused`."""
    try:
        library = ctypes.CDLL(LIBRARY, use_errno=True)
    except OSError as error:
        raise ProbeRefused(
            f"{LIBRARY} cannot be loaded ({error}); install libbpf 1.0 or newer (Debian: libbpf1)."
        ) from error
    for name, (result, arguments) in _FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    library.libbpf_set_print(None)
    return library


def known_tracepoints(library: ctypes.CDLL, names: Iterable[str]) -> set[str]:
    """Those of the names that this kernel has. Raises `ProbeRefused` where it describes no types."""
    btf = library.btf__load_vmlinux_btf()
    if not btf:
        raise ProbeRefused("The kernel describes no types (no /sys/kernel/btf/vmlinux; it is built without BTF).")
    try:
        wanted = ((name, f"btf_trace_{name}".encode()) for name in names)
        return {name for name, typedef in wanted if library.btf__find_by_name_kind(btf, typedef, _KIND_TYPEDEF) > 0}
    finally:
        library.btf__free(btf)


class BpfObject:
    """One object file in the kernel; what is not in `programs` is neither loaded nor attached. Those that are `called`
    hang on nothing."""

    def __init__(
        self,
        library: ctypes.CDLL,
        path: Path,
        programs: Iterable[str],
        left_out: Iterable[str],
        called: Collection[str] = (),
    ) -> None:
        self._library = library
        self._links: dict[str, int] = {}
        self._ring: int | None = None
        self._keep: list[Any] = []  # callbacks that the library calls
        self._programs = tuple(programs)
        self._called = called
        self._object = self._must(library.bpf_object__open_file(os.fsencode(path), None), f"open {path}")
        try:
            for name in left_out:
                library.bpf_program__set_autoload(self._program(name), False)
            self._load()
        except BaseException:
            self.close()
            raise

    def attach(self) -> None:
        """Begin: every program runs from here on (an iterator when `iterate` says so)."""
        for name in self._programs:
            if name not in self._called:
                self._links[name] = self._must(self._library.bpf_program__attach(self._program(name)), f"attach {name}")

    def call(self, name: str) -> None:
        """One run of a program that hangs on nothing."""
        if self._library.bpf_prog_test_run_opts(self._library.bpf_program__fd(self._program(name)), None):
            raise self._failure(f"run {name}")

    def iterate(self, name: str) -> bytes:
        """One pass of an iterator; what it wrote."""
        descriptor = self._library.bpf_iter_create(self._library.bpf_link__fd(self._links[name]))
        if descriptor < 0:
            raise self._failure(f"iterate {name}")
        parts: list[bytes] = []
        try:
            while part := os.read(descriptor, 1 << 16):
                parts.append(part)
        finally:
            os.close(descriptor)
        return b"".join(parts)

    def detach(self, name: str) -> None:
        self._library.bpf_link__destroy(self._links.pop(name))

    def map_globals(self, size: int) -> mmap.mmap:
        """The memory of the object's one global of that size."""
        each = None
        while each := self._library.bpf_object__next_map(self._object, each):
            if self._library.bpf_map__name(each).endswith(b".bss"):
                whole = -(-size // mmap.PAGESIZE) * mmap.PAGESIZE
                return mmap.mmap(self._library.bpf_map__fd(each), whole)
        raise ProbeRefused("The object has no globals; it is not the one that belongs to this program.")

    def map_descriptor(self, name: str) -> int:
        found = self._library.bpf_object__find_map_by_name(self._object, name.encode())
        return self._library.bpf_map__fd(self._must(found, f"find map {name}"))

    def open_ring(self, name: str, on_event: Callable[[int, int], None]) -> None:
        """`on_event` gets address and length of each event, in `take` and `wait`."""

        def callback(_context: int, address: int, length: int) -> int:
            on_event(address, length)
            return 0

        function = _ON_EVENT(callback)
        self._keep.append(function)
        ring = self._library.ring_buffer__new(self.map_descriptor(name), function, None, None)
        self._ring = self._must(ring, f"open ring {name}")

    def take(self) -> None:
        """Take all events that are there."""
        self._library.ring_buffer__consume(self._ring)

    def wait(self, timeout_s: float) -> None:
        """Until an event that wakes, at most so long; takes what is there."""
        self._library.ring_buffer__poll(self._ring, max(0, math.ceil(timeout_s * 1000)))

    def close(self) -> None:
        for name in tuple(self._links):
            self.detach(name)
        if self._ring is not None:
            self._library.ring_buffer__free(self._ring)
            self._ring = None
        if self._object is not None:
            self._library.bpf_object__close(self._object)
            self._object = None

    def _program(self, name: str) -> int:
        return self._must(self._library.bpf_object__find_program_by_name(self._object, name.encode()), f"find {name}")

    def _load(self) -> None:
        said: list[str] = []
        vsnprintf = ctypes.CDLL(None).vsnprintf
        vsnprintf.argtypes = [_TEXT, ctypes.c_size_t, _TEXT, _POINTER]

        def listen(_level: int, form: bytes, values: int) -> int:
            text = ctypes.create_string_buffer(4096)
            vsnprintf(text, len(text), form, values)
            said.append(text.value.decode("utf-8", "replace").strip())
            del said[:-40]
            return 0

        printer = _ON_PRINT(listen)
        self._library.libbpf_set_print(ctypes.cast(printer, _POINTER))
        try:
            code = self._library.bpf_object__load(self._object)
        finally:
            self._library.libbpf_set_print(None)
        if code < 0:
            reason = next((line for line in reversed(said) if "failed to load" not in line), "")
            raise ProbeRefused(f"The kernel refused the programs: {os.strerror(-code)}. {reason[-300:]}".strip())

    def _must(self, pointer: int | None, what: str) -> int:
        if not pointer:
            raise self._failure(what)
        return pointer

    def _failure(self, what: str) -> ProbeRefused:
        return ProbeRefused(f"libbpf could not {what}: {os.strerror(ctypes.get_errno())}.")


class HashMap:
    """A hash map read in batches and emptied by key."""

    def __init__(self, library: ctypes.CDLL, descriptor: int, key_size: int, value_size: int) -> None:
        self._library, self._descriptor = library, descriptor
        self._key, self._value_size = Struct(f"{key_size}s"), value_size
        self._keys = ctypes.create_string_buffer(key_size * _BATCH)
        self._values = ctypes.create_string_buffer(value_size * _BATCH)

    def items(self, form: Struct) -> Iterator[Iterator[tuple[bytes, tuple[Any, ...]]]]:
        """Keys, and values in that form, which has their size: in batches, each of use until the next."""
        for count in self._batches():
            keys = self._key.iter_unpack(ctypes.string_at(self._keys, count * self._key.size))
            values = form.iter_unpack(ctypes.string_at(self._values, count * self._value_size))
            yield zip(map(itemgetter(0), keys), values, strict=True)

    def remove(self, key: bytes) -> None:
        self._library.bpf_map_delete_elem(self._descriptor, key)

    def _batches(self) -> Iterator[int]:
        at, after = None, ctypes.create_string_buffer(64)
        while True:
            count = ctypes.c_uint32(_BATCH)
            arguments = (self._descriptor, at, after, self._keys, self._values, ctypes.byref(count), None)
            code = self._library.bpf_map_lookup_batch(*arguments)
            if code < 0 and -code != 2:  # ENOENT: the last batch
                raise OSError(-code, os.strerror(-code))
            yield count.value
            if code < 0:
                return
            at = after
