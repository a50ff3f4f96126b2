"""What is said about a job before a scheduler sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ink_core.compute.model import JobSpec
from ink_core.compute.precheck import check
from ink_core.errors import BadInput


def spec(directory: Path, program: str, **changes: object) -> JobSpec:
    return JobSpec(executable=program, working_directory=str(directory)).model_copy(update=changes)


def test_an_executable_runs_as_it_is_and_a_script_without_x_by_its_interpreter(tmp_path: Path) -> None:
    script = tmp_path / "hello.sh"
    script.write_text("#!/usr/bin/env python3\n")
    assert check(spec(tmp_path, "hello.sh")).argv == ("/usr/bin/env", "python3", str(script))
    script.chmod(0o755)
    if not script.stat().st_mode & 0o111:
        pytest.skip("this file system keeps no x permission")
    assert check(spec(tmp_path, "hello.sh", arguments=("a b",))).argv == (str(script), "a b")
    assert check(spec(tmp_path, "/bin/true")).argv == ("/bin/true",)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"executable": "nothing"}, "does not exist"),
        ({"executable": "data.txt"}, "chmod"),
        ({"executable": "."}, "directory"),
        ({"executable": "#!/bin/sh\necho hello\n"}, "write it into a file"),
        ({"working_directory": "relative"}, "absolute"),
        ({"working_directory": "/nowhere"}, "does not exist"),
        ({"name": "a\nqueue 100"}, "control character"),
        ({"stdout": "a\x00b"}, "control character"),
        ({"arguments": ("a\x00b",)}, "NUL"),
        ({"environment": {"A B": "x"}}, "environment variable"),
        ({"environment": {"A=B": "x"}}, "environment variable"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, changes: dict[str, object], words: str) -> None:
    (tmp_path / "data.txt").write_text("no program\n")
    with pytest.raises(BadInput, match=words):
        check(spec(tmp_path, "/bin/true", **changes))


@pytest.mark.parametrize(
    ("name", "label"),
    [("", "true"), ("my job/1", "my_job_1"), ("../../etc", "_.._etc"), ("日本 %j", "日本_j"), ("---", "job")],
)
def test_the_name_becomes_a_safe_part_of_a_file_name(tmp_path: Path, name: str, label: str) -> None:
    assert check(spec(tmp_path, "/bin/true", name=name)).label == label
