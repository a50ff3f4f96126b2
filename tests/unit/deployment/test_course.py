"""Accounts of a course: made for it, and taken away with what is in their homes, archived where that is asked for."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest

from deploy.init import course
from deploy.init.accounts import known
from deploy.render.model import Course

COURSE = Course(name="student", users=3, days=2)
FIRST = 20000

pytestmark = [
    pytest.mark.requirement("DEPLOY-ONE-06"),
    pytest.mark.skipif(os.getuid() != 0, reason="homes are given to their owners, which needs root"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("accounts", "homes"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_a_course_makes_accounts_with_homes_and_only_those_that_are_missing(folder: Path) -> None:
    assert course.create(COURSE, folder, folder / "homes", FIRST) == ["student01", "student02", "student03"]
    assert course.create(COURSE, folder, folder / "homes", FIRST) == []
    assert sorted(path.name for path in (folder / "homes").iterdir()) == ["student01", "student02", "student03"]


def test_it_takes_them_away_and_leaves_everybody_else(folder: Path) -> None:
    course.create(Course(name="li", users=1, days=1), folder, folder / "homes", FIRST)
    course.create(COURSE, folder, folder / "homes", FIRST)
    assert course.remove(COURSE, folder, folder / "homes", archive=False) == ["student01", "student02", "student03"]
    assert course.remove(COURSE, folder, folder / "homes", archive=False) == []
    assert [path.name for path in (folder / "homes").iterdir()] == ["li01"]
    assert known(folder / "accounts") == {"li01": FIRST}
    assert not (folder / "archives").exists()


def test_a_number_of_a_course_that_is_over_is_given_to_nobody_again(folder: Path) -> None:
    course.create(COURSE, folder, folder / "homes", FIRST)
    course.remove(COURSE, folder, folder / "homes", archive=False)
    course.create(COURSE, folder, folder / "homes", FIRST)
    assert min(known(folder / "accounts").values()) == FIRST + 3


def test_homes_are_archived_before_they_go_and_links_are_not_followed(folder: Path) -> None:
    course.create(COURSE, folder, folder / "homes", FIRST)
    (folder / "homes" / "student02" / "result.txt").write_text("42", encoding="utf-8")
    (folder / "homes" / "student02" / "link").symlink_to("/etc/hostname")
    course.remove(COURSE, folder, folder / "homes", archive=True)
    archive = folder / "archives" / "student02.tar.gz"
    assert archive.stat().st_mode & 0o777 == 0o600
    with tarfile.open(archive) as packed:
        file = packed.extractfile("student02/result.txt")
        assert file is not None and file.read() == b"42"
        assert packed.getmember("student02/link").issym()


def test_a_file_that_says_it_is_huge_keeps_no_course_from_its_end(folder: Path) -> None:
    course.create(COURSE, folder, folder / "homes", FIRST)
    with (folder / "homes" / "student01" / "huge").open("wb") as file:
        file.write(b"begun")
        file.truncate(1 << 40)
    course.remove(COURSE, folder, folder / "homes", archive=True)
    assert (folder / "archives" / "student01.tar.gz").stat().st_size < 1 << 20
    with tarfile.open(folder / "archives" / "student01.tar.gz") as packed:
        assert packed.getmember("student01/huge").size == 1 << 40


def test_a_second_course_replaces_no_archive_of_the_first(folder: Path) -> None:
    for word in (b"first", b"second"):
        course.create(COURSE, folder, folder / "homes", FIRST)
        (folder / "homes" / "student01" / "result").write_bytes(word)
        course.remove(COURSE, folder, folder / "homes", archive=True)
    for name, word in (("student01.tar.gz", b"first"), ("student01-2.tar.gz", b"second")):
        with tarfile.open(folder / "archives" / name) as packed:
            file = packed.extractfile("student01/result")
            assert file is not None and file.read() == word
