"""The page of files on a storage of the site: what is there is looked at, and changed for good."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.contract_world import World
from tests.web.pdf_files import RED, pdf
from tests.web.test_files import made, row, upload

pytestmark = [pytest.mark.browser, pytest.mark.requirement("CORE-FILES-12")]


@pytest.fixture
def stored(world: World) -> dict[str, bytes | None]:
    """What is on the one storage."""
    world.storages["eos"] = {"/alice": None, "/alice/notes.txt": b"muons", "/alice/.hidden": b"", "/big.root": b"root"}
    return world.storages["eos"]


@pytest.fixture
def eos(alice: Page, stored: dict[str, bytes | None]) -> Page:
    alice.goto("/#/files")
    alice.get_by_role("navigation", name="Places").get_by_role("link", name="eos").click()
    expect(row(alice, "big.root")).to_be_visible()
    return alice


def enter(page: Page, name: str) -> None:
    row(page, name).get_by_role("button", name=name, exact=True).click()


def test_a_storage_is_a_place_beside_the_home_and_is_walked_like_it(eos: Page) -> None:
    enter(eos, "alice")
    expect(row(eos, "notes.txt")).to_be_visible()
    expect(eos.get_by_text("1 entries")).to_be_visible()
    eos.get_by_label("Hidden files").check()
    expect(row(eos, ".hidden")).to_be_visible()
    eos.reload()
    expect(row(eos, ".hidden")).to_be_visible()
    eos.get_by_role("navigation", name="Where you are").get_by_role("link", name="eos").click()
    expect(row(eos, "big.root")).to_be_visible()
    expect(eos.get_by_role("button", name="Trash")).to_have_count(0)
    eos.get_by_role("navigation", name="Places").get_by_role("link", name="home").click()
    expect(row(eos, "hello.sh")).to_be_visible()


def test_a_site_without_storages_shows_none(alice: Page) -> None:
    alice.goto("/#/files")
    expect(row(alice, "hello.sh")).to_be_visible()
    expect(alice.get_by_role("navigation", name="Places")).to_have_count(0)


def test_what_lies_on_a_storage_is_looked_at_and_downloaded(eos: Page, stored: dict[str, bytes | None]) -> None:
    stored["/alice/paper.pdf"] = pdf([RED])
    enter(eos, "alice")
    enter(eos, "notes.txt")
    preview = eos.get_by_role("complementary")
    expect(preview.get_by_text("muons")).to_be_visible()
    enter(eos, "paper.pdf")
    expect(preview.locator("canvas[data-drawn=yes]")).to_be_attached()
    with eos.expect_download() as download:
        row(eos, "notes.txt").get_by_role("button", name="Download: notes.txt").click()
    assert Path(download.value.path()).read_bytes() == b"muons"
    expect(eos.get_by_role("button", name="Share: notes.txt")).to_have_count(0)


def test_a_file_is_put_there_once_it_has_come_and_replaced_only_when_told(
    eos: Page, world: World, stored: dict[str, bytes | None], tmp_path: Path
) -> None:
    world.slow_puts = 1
    enter(eos, "alice")
    expect(row(eos, "notes.txt")).to_be_visible()
    upload(eos, made(tmp_path / "new.txt", "new"))
    uploads = eos.get_by_role("region", name="Uploads")
    expect(row(eos, "new.txt")).to_be_visible()
    expect(uploads.get_by_text("done")).to_be_visible()
    assert stored["/alice/new.txt"] == b"new" and "new.txt" not in world.files
    assert len(world.put_keys) == 2 and len(set(world.put_keys)) == 1  # asked again, it is the same request
    assert world.uploads == {}
    upload(eos, made(tmp_path / "notes.txt", "other"))
    expect(uploads).to_contain_text("/alice/notes.txt exists; nothing was written.")
    assert stored["/alice/notes.txt"] == b"muons"
    uploads.get_by_role("button", name="Replace the file").click()
    expect(uploads.get_by_text("done")).to_have_count(2)
    assert stored["/alice/notes.txt"] == b"other"


def test_directories_are_made_entries_renamed_and_removed_after_a_question(
    eos: Page, stored: dict[str, bytes | None]
) -> None:
    eos.get_by_role("button", name="New folder").click()
    eos.get_by_role("dialog").get_by_label("Name").fill("run2")
    eos.keyboard.press("Enter")
    expect(row(eos, "run2")).to_be_visible()
    eos.get_by_role("button", name="Rename: big.root").click()
    eos.get_by_role("dialog").get_by_label("Name").fill("small.root")
    eos.keyboard.press("Enter")
    expect(row(eos, "small.root")).to_be_visible()
    eos.get_by_role("button", name="Remove: small.root").click()
    question = eos.get_by_role("dialog")
    expect(question).to_contain_text("Remove /small.root for good?")
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_have_count(0)
    assert "/small.root" in stored
    eos.get_by_role("button", name="Remove: small.root").click()
    question.get_by_role("button", name="Remove").click()
    expect(row(eos, "small.root")).to_have_count(0)
    eos.get_by_role("button", name="Remove: alice").click()
    question.get_by_role("button", name="Remove").click()
    expect(eos.get_by_role("alert")).to_contain_text("/alice is not empty; nothing was removed")
    assert stored.keys() == {"/alice", "/alice/notes.txt", "/alice/.hidden", "/run2"}
