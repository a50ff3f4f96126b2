"""The shipped BPF object is what its sources give, and its structures are those that Python reads."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path

import pytest

from bench.locked_environment import LockedEnvironment
from joblens.bpf import layout, syscalls

SOURCES = Path(layout.__file__).parent
STRUCTURES: dict[str, type[ctypes.Structure]] = {
    "counters": layout.Counters,
    "traffic": layout.Traffic,
    "job": layout.Job,
    "usage": layout.Usage,
    "shared": layout.Shared,
    "places": layout.Places,
    "file_key": layout.FileKey,
    "file_value": layout.FileValue,
    "peer_key": layout.PeerKey,
    "event": layout.Event,
    "executed": layout.Executed,
    "environment": layout.Environment,
    "file_named": layout.FileNamed,
}
FOLLOWED = {"executed": "cgroup", "environment": "text", "file_named": "path"}  # by text of variable length


def where_c_has_it(folder: Path) -> dict[str, int]:
    """Offsets of all fields, and the size of each structure before the text that follows it."""
    lines = [
        "int printf(const char *, ...);",  # no header of C: its names are those of the kernel
        f'#include "{SOURCES}/vmlinux.h"',
        f'#include "{SOURCES}/joblens.h"',
        "#define offsetof(type, field) __builtin_offsetof(type, field)",
        "int main(void) {",
    ]
    for name, mirror in STRUCTURES.items():
        end = f"offsetof(struct {name}, {FOLLOWED[name]})" if name in FOLLOWED else f"sizeof(struct {name})"
        lines.append(f'printf("{name} %zu\\n", {end});')
        for field, *_ in mirror._fields_:
            lines.append(f'printf("{name}.{field} %zu\\n", offsetof(struct {name}, {field}));')
    for constant in ("MAX_JOBS", "MAX_STARTERS", "NAME_LENGTH", "MAX_SYSCALLS", "MAX_PLACES"):
        lines.append(f'printf("{constant} %d\\n", {constant});')
    for enumeration in (layout.JobState, layout.EventType, layout.SyscallKind):
        lines += [f'printf("{each.name} %d\\n", {each.name});' for each in enumeration]
    (folder / "layout.c").write_text("\n".join([*lines, "return 0; }"]))
    subprocess.run(["cc", "-w", "-o", folder / "layout", folder / "layout.c"], check=True, timeout=60)
    said = subprocess.run([folder / "layout"], check=True, capture_output=True, text=True, timeout=60).stdout
    return {name: int(value) for name, value in map(str.split, said.splitlines())}


def where_python_has_it() -> dict[str, int]:
    figures: dict[str, int] = {}
    for name, mirror in STRUCTURES.items():
        figures[name] = ctypes.sizeof(mirror)
        figures |= {f"{name}.{field}": getattr(mirror, field).offset for field, *_ in mirror._fields_}
    for constant in ("MAX_JOBS", "MAX_STARTERS", "NAME_LENGTH", "MAX_SYSCALLS", "MAX_PLACES"):
        figures[constant] = getattr(layout, constant)
    for enumeration in (layout.JobState, layout.EventType, layout.SyscallKind):
        figures |= {each.name: each.value for each in enumeration}
    return figures


@pytest.mark.requirement("LENS-BUILD-01")
@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler here")
def test_structures_are_the_same_in_c_and_in_python(tmp_path: Path) -> None:
    assert where_python_has_it() == where_c_has_it(tmp_path)


@pytest.mark.requirement("LENS-BUILD-01")
def test_the_shipped_object_is_what_its_sources_give(tmp_path: Path) -> None:
    compiler = LockedEnvironment("bpf")
    if not compiler.is_installed:
        pytest.skip(compiler.why_not_installed)
    rebuilt = tmp_path / "joblens.bpf.o"
    subprocess.run([compiler.python, SOURCES / "build.py", rebuilt], check=True, timeout=110)
    assert rebuilt.read_bytes() == (SOURCES / "joblens.bpf.o").read_bytes(), "`make bpf` and commit the object"


@pytest.mark.parametrize("machine", syscalls.NUMBERS)
def test_each_architecture_has_every_call_that_moves_data(machine: str) -> None:
    numbers = syscalls.NUMBERS[machine]
    assert numbers.keys() == syscalls.NAMES.keys()
    kinds = syscalls.kinds(machine)
    assert {name: kinds[number] for name, number in numbers.items()} == syscalls.NAMES
    assert sum(map(bool, kinds)) == len(numbers)
