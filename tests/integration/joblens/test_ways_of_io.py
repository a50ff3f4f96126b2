"""Traffic that is not made by plain calls: mapped files, asynchronous I/O, and readers as physics has them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from joblens.records import Traffic
from tests.integration.joblens.watching import PYTHON, Watching

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("joblens_bpf")]
needs_fio = pytest.mark.skipif(not Path("/usr/bin/fio").exists(), reason="fio is not installed")
MIB = 1 << 20


def on_disk(folder: Path) -> Path:
    """A place whose file system counts what it fetches and writes; memory does not."""
    kind = subprocess.run(["stat", "-f", "-c", "%T", folder], capture_output=True, text=True, timeout=10).stdout
    if kind == "tmpfs\n":
        pytest.skip("the temporary folder is in memory: storage traffic cannot be seen there")
    return folder


def fio(engine: str, folder: Path, *more: str) -> list[str | Path]:
    plain = ["--name=job", "--rw=readwrite", "--size=2M", "--bs=16k", "--thread", f"--filename={folder}/data"]
    return [
        "/usr/bin/fio",
        f"--ioengine={engine}",
        *plain,
        "--output-format=json",
        f"--output={folder}/fio.json",
        *more,
    ]


def counted(folder: Path) -> tuple[int, int]:
    """Bytes that fio says it read and wrote."""
    job = json.loads((folder / "fio.json").read_text())["jobs"][0]
    return job["read"]["io_bytes"], job["write"]["io_bytes"]


@needs_fio
@pytest.mark.parametrize("engine", ["psync", "io_uring"])
@pytest.mark.requirement("LENS-FILES-03")
def test_fio_agrees_by_file(tmp_path: Path, engine: str) -> None:
    (tmp_path / "data").write_bytes(b"x" * 2 * MIB)
    with Watching(tmp_path) as watching:
        handle, _ = watching.run(*fio(engine, tmp_path))
        read, _, written, _ = watching.figures(handle, tmp_path / "data")
        assert (read, written) == counted(tmp_path) and read + written == 2 * MIB


@needs_fio
@pytest.mark.parametrize("engine", ["libaio", "mmap"])
@pytest.mark.requirement("LENS-FILES-03")
def test_what_fio_moves_unseen_is_told_as_of_no_file(tmp_path: Path, engine: str) -> None:
    on_disk(tmp_path)
    (tmp_path / "data").write_bytes(b"x" * 2 * MIB)
    with Watching(tmp_path) as watching:
        handle, _ = watching.run(*fio(engine, tmp_path, "--direct=1" if engine == "libaio" else "--direct=0"))
        _, _, written, _ = watching.figures(handle, "", Traffic.UNATTRIBUTED)
        assert written >= counted(tmp_path)[1] > 0
        assert (Traffic.FILE, str(tmp_path / "data")) not in watching.files[handle]


@pytest.mark.requirement("LENS-FILES-03")
def test_reading_a_mapped_file_is_told_as_of_no_file(tmp_path: Path) -> None:
    data = on_disk(tmp_path) / "data"
    data.write_bytes(os.urandom(4 * MIB))
    with open(data) as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    read = "import mmap, sys\nwith open(sys.argv[1]) as f: mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ).rfind(b'no')"
    with Watching(tmp_path) as watching:
        handle, _ = watching.run(PYTHON, "-I", "-S", "-c", read, data)
        assert watching.figures(handle, "", Traffic.UNATTRIBUTED)[0] >= 3 * MIB  # a lower bound


def test_a_root_reader_is_told_by_file(tmp_path: Path) -> None:
    pytest.importorskip("uproot")
    histogram = Path(__file__).parents[2] / "doubles" / "histogram.root"
    read = (
        "import sys, uproot, io\n"
        "class Counting(io.FileIO):\n total = 0\n def read(self, size=-1):\n"
        "  got = super().read(size); Counting.total += len(got); return got\n"
        "with Counting(sys.argv[1]) as source, uproot.open(source) as file:\n"
        " for key in file.keys(): file[key]\n"
        "print(Counting.total, file=open(sys.argv[2], 'w'))"
    )
    with Watching(tmp_path) as watching:
        environ = {"PYTHONPATH": os.pathsep.join(sys.path)}
        handle, _ = watching.run(sys.executable, "-c", read, histogram, tmp_path / "counted", environ=environ)
        total = int((tmp_path / "counted").read_text())
        assert watching.figures(handle, histogram)[0] == total > 0
