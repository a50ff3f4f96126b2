"""What a file held before an operation changed it is told afterwards, as long as there is room for it."""

from __future__ import annotations

import base64
import hashlib
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from worker_agent import earlier, patching, writing
from worker_agent.protocol import FilesEarlier, FilesPatch, FilesWrite, PackError, PatchEdit
from worker_agent.sandbox import Sandbox

pytestmark = pytest.mark.requirement("WEB-EDITOR-02")
ID, OTHER = "0" * 32, "1" * 32


@pytest.fixture
def sandbox(workspace: Path) -> Iterator[Sandbox]:
    (workspace / "run.sh").write_text("one\ntwo\n")
    sandbox = Sandbox(str(workspace))
    yield sandbox
    sandbox.close()


def write(sandbox: Sandbox, text: str, path: str = "run.sh", made_id: str = ID) -> None:
    content = base64.b64encode(text.encode()).decode()
    writing.write_file(sandbox, FilesWrite(path=path, content=content, overwrite=True, made_id=made_id))


def told(sandbox: Sandbox, path: str = "run.sh", made_id: str = ID) -> str | None:
    found = earlier.earlier(sandbox, FilesEarlier(made_id=made_id, path=path))
    return None if found.content is None else base64.b64decode(found.content).decode()


def refused(sandbox: Sandbox, path: str = "run.sh", made_id: str = ID) -> str:
    with pytest.raises(PackError) as error:
        earlier.earlier(sandbox, FilesEarlier(made_id=made_id, path=path))
    return error.value.fault.code


def test_each_write_keeps_what_it_replaced_and_says_what_it_made_of_it(sandbox: Sandbox) -> None:
    write(sandbox, "first")
    write(sandbox, "second", made_id=OTHER)
    assert (told(sandbox), told(sandbox, made_id=OTHER)) == ("one\ntwo\n", "first")
    found = earlier.earlier(sandbox, FilesEarlier(made_id=OTHER, path="run.sh"))
    assert found.after_sha256 == hashlib.sha256(b"second").hexdigest()


def test_of_a_new_file_it_is_told_that_there_was_none(sandbox: Sandbox) -> None:
    write(sandbox, "new", "new.sh")
    assert told(sandbox, "new.sh") is None
    assert refused(sandbox, "other.sh") == refused(sandbox, "new.sh", OTHER) == "not_found"


def test_a_patch_keeps_all_its_files_and_one_that_is_only_tried_none(sandbox: Sandbox) -> None:
    edits = (PatchEdit(path="run.sh", old="one", new="1"), PatchEdit(path="new.sh", old="", new="x"))
    patching.patch(sandbox, FilesPatch(edits=edits, dry_run=True, made_id=OTHER))
    assert refused(sandbox, made_id=OTHER) == "not_found"
    patching.patch(sandbox, FilesPatch(edits=edits, made_id=ID))
    assert (told(sandbox), told(sandbox, "new.sh")) == ("one\ntwo\n", None)


def test_nobodys_path_reaches_what_is_kept(sandbox: Sandbox, workspace: Path) -> None:
    write(sandbox, "first")
    (kept,) = (workspace / ".ink" / "earlier").iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    with pytest.raises(PackError) as error:
        write(sandbox, "mine", f".ink/earlier/{kept.name}")
    assert error.value.fault.code == "permission_denied"
    (workspace / "link").symlink_to(kept)
    with pytest.raises(PackError):
        write(sandbox, "mine", "link")
    assert told(sandbox) == "one\ntwo\n"


def test_the_oldest_give_way_within_the_bounds(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earlier, "MOST_VERSIONS", 3)
    ids = [f"{number:032x}" for number in range(5)]
    for made_id in ids:
        write(sandbox, made_id, made_id=made_id)
    assert [refused(sandbox, made_id=made_id) for made_id in ids[:2]] == ["not_found", "not_found"]
    assert [told(sandbox, made_id=made_id) for made_id in ids[2:]] == ids[1:4]
    monkeypatch.setattr(earlier, "MOST_BYTES", 300)
    write(sandbox, "small", made_id=OTHER)
    assert refused(sandbox, made_id=ids[2]) == "not_found"


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """In bytes; the system refuses to let any file of this process grow beyond that, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_was_before_takes_no_room_from_a_change_and_is_not_kept_where_none_is_made(sandbox: Sandbox) -> None:
    write(sandbox, "first")
    with files_of_at_most(1_000), pytest.raises(OSError, match="too large"):
        write(sandbox, "x" * 2_000, made_id=OTHER)
    assert (told(sandbox), refused(sandbox, made_id=OTHER)) == ("one\ntwo\n", "not_found")


def test_a_change_is_made_where_nothing_can_be_kept(sandbox: Sandbox, workspace: Path) -> None:
    (workspace / ".ink").mkdir()
    (workspace / ".ink" / "earlier").write_text("in the way")
    write(sandbox, "changed")
    assert (workspace / "run.sh").read_text() == "changed"
