"""The page of one's files: browsing, uploads that go on after a pause, changes that can be undone, previews, links."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.contract_world import World
from tests.web.editor import save

pytestmark = pytest.mark.browser
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MANY = 65_000


@pytest.fixture
def files(alice: Page) -> Page:
    alice.goto("/#/files")
    expect(row(alice, "hello.sh")).to_be_visible()
    return alice


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("button", name=name, exact=True))


def upload(page: Page, *paths: Path) -> None:
    page.locator("input[type=file]").set_input_files(list(paths))


def made(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


@pytest.mark.requirement("WEB-FILES-01")
def test_directories_are_walked_by_their_names_and_back_by_the_way_above(files: Page) -> None:
    row(files, "analysis").get_by_role("button", name="analysis", exact=True).click()
    expect(row(files, "select.py")).to_be_visible()
    expect(files.get_by_text("3 entries")).to_be_visible()
    way = files.get_by_role("navigation", name="Where you are")
    expect(way.get_by_role("link", name="analysis")).to_have_attribute("aria-current", "page")
    files.reload()
    expect(row(files, "select.py")).to_be_visible()
    way.get_by_role("link", name="home").click()
    expect(row(files, "hello.sh")).to_be_visible()


def test_entries_are_sorted_as_asked_directories_first(files: Page) -> None:
    names = files.locator("td.name")
    files.get_by_role("button", name="Size").click()
    expect(names).to_have_text(["analysis", "out", "README.md", "hello.sh"])
    files.get_by_role("button", name="Size").click()
    expect(names).to_have_text(["analysis", "out", "hello.sh", "README.md"])
    expect(files.get_by_role("columnheader", name="Size")).to_have_attribute("aria-sort", "descending")


@pytest.mark.requirement("WEB-FILES-01")
def test_a_directory_of_65_000_entries_is_shown_as_far_as_it_is_looked_at(alice: Page, world: World) -> None:
    world.files.clear()
    world.files.update({f"f{number:05d}.root": "" for number in range(MANY)})
    alice.goto("/#/files")
    expect(row(alice, "f00000.root")).to_be_visible()
    expect(alice.get_by_text("65,000 entries")).to_be_visible()
    assert world.listings == 1
    alice.get_by_role("region", name="Entries of the directory").evaluate("box => box.scrollTo(0, box.scrollHeight)")
    expect(row(alice, f"f{MANY - 1:05d}.root")).to_be_visible(timeout=60_000)
    assert alice.get_by_role("row").count() < 120


@pytest.mark.requirement("WEB-FILES-01")
def test_several_files_are_uploaded_into_the_directory_that_is_shown(files: Page, world: World, tmp_path: Path) -> None:
    row(files, "out").get_by_role("button", name="out", exact=True).click()
    expect(row(files, "172.out")).to_be_visible()
    upload(files, made(tmp_path / "one.txt", "1"), made(tmp_path / "two.txt", "22"), made(tmp_path / "none.txt", ""))
    for name in ("one.txt", "two.txt"):
        expect(row(files, name)).to_be_visible()
    expect(files.get_by_role("region", name="Uploads").get_by_text("done")).to_have_count(3)
    assert (world.files["out/one.txt"], world.files["out/two.txt"]) == ("1", "22")


def test_files_are_dropped_on_the_page(files: Page, world: World) -> None:
    files.evaluate(
        """() => {
          const data = new DataTransfer()
          data.items.add(new File(['dropped'], 'drop.txt'))
          const page = document.querySelector('main [role=group]')
          page.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))
        }"""
    )
    expect(row(files, "drop.txt")).to_be_visible()
    assert world.files["drop.txt"] == "dropped"


@pytest.mark.requirement("WEB-FILES-01")
def test_an_upload_is_paused_and_goes_on(files: Page, world: World, tmp_path: Path) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "PATCH":
            held.append(route)
        else:
            route.continue_()

    files.route("**/files/uploads/*", hold)
    with files.expect_request(lambda request: request.method == "PATCH"):
        upload(files, made(tmp_path / "big.txt", "x" * 1000))
    uploads = files.get_by_role("region", name="Uploads")
    expect(uploads.get_by_text("sending")).to_be_visible()
    uploads.get_by_role("button", name="Pause: big.txt").click()
    expect(uploads.get_by_text("paused")).to_be_visible()
    for route in held:
        route.abort()  # the page has let go of it: what is held may not go on by itself
    files.unroute("**/files/uploads/*", hold)
    assert "big.txt" not in world.files
    uploads.get_by_role("button", name="Go on: big.txt").click()
    expect(uploads.get_by_text("done")).to_be_visible()
    assert world.files["big.txt"] == "x" * 1000


def test_an_upload_survives_a_broken_connection(files: Page, world: World, tmp_path: Path) -> None:
    broken: list[Route] = []

    def break_once(route: Route) -> None:
        if route.request.method == "PATCH" and not broken:
            broken.append(route)
            route.abort()
        else:
            route.continue_()

    files.route("**/files/uploads/*", break_once)
    upload(files, made(tmp_path / "big.txt", "y" * 1000))
    expect(files.get_by_role("region", name="Uploads").get_by_text("done")).to_be_visible(timeout=30_000)
    assert len(broken) == 1 and world.files["big.txt"] == "y" * 1000


def test_a_file_that_exists_is_replaced_only_when_told(files: Page, world: World, tmp_path: Path) -> None:
    before = world.files["hello.sh"]
    upload(files, made(tmp_path / "hello.sh", "mine"))
    uploads = files.get_by_role("region", name="Uploads")
    expect(uploads).to_contain_text("hello.sh exists; nothing was written.")
    assert world.files["hello.sh"] == before
    uploads.get_by_role("button", name="Replace the file").click()
    expect(uploads.get_by_text("done")).to_be_visible()
    assert world.files["hello.sh"] == "mine"


@pytest.mark.requirement("WEB-FILES-01")
def test_a_file_is_downloaded_and_a_directory_as_an_archive(files: Page) -> None:
    with files.expect_download() as download:
        row(files, "hello.sh").get_by_role("button", name="Download: hello.sh").click()
    assert Path(download.value.path()).read_text().startswith("#!/bin/sh")
    with files.expect_download() as download:
        row(files, "analysis").get_by_role("button", name="Download: analysis").click()
    assert download.value.suggested_filename == "analysis.zip"
    assert Path(download.value.path()).read_text() == "zip of analysis"


@pytest.mark.requirement("WEB-FILES-01")
def test_a_file_is_renamed_and_a_name_that_cannot_be_is_refused(files: Page, world: World) -> None:
    row(files, "hello.sh").get_by_role("button", name="Rename: hello.sh").click()
    dialog = files.get_by_role("dialog")
    dialog.get_by_label("Name").fill("a/b")
    dialog.get_by_role("button", name="Rename").click()
    expect(dialog.get_by_role("alert")).to_have_text("A name cannot have a slash in it.")
    dialog.get_by_label("Name").fill("README.md")
    dialog.get_by_role("button", name="Rename").click()
    expect(dialog).to_contain_text("README.md exists; nothing was renamed.")
    dialog.get_by_label("Name").fill("greet.sh")
    dialog.get_by_role("button", name="Rename").click()
    expect(row(files, "greet.sh")).to_be_visible()
    assert "hello.sh" not in world.files and "greet.sh" in world.files


@pytest.mark.requirement("WEB-FILES-01")
def test_what_is_removed_is_brought_back_by_undo_or_from_the_trash(files: Page, world: World) -> None:
    files.get_by_role("button", name="Remove: hello.sh").click()
    expect(files.get_by_text("hello.sh is in the trash.")).to_be_visible()
    expect(row(files, "hello.sh")).to_have_count(0)
    files.get_by_role("button", name="Undo").click()
    expect(row(files, "hello.sh")).to_be_visible()
    files.get_by_role("button", name="Remove: analysis").click()
    expect(row(files, "analysis")).to_have_count(0)
    files.get_by_role("button", name="Trash").click()
    files.get_by_role("dialog").get_by_role("button", name="Put back: analysis").click()
    expect(files.get_by_role("dialog")).to_contain_text("The trash is empty.")
    files.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(row(files, "analysis")).to_be_visible()
    assert "analysis/select.py" in world.files


def test_a_folder_is_made(files: Page, world: World) -> None:
    files.get_by_role("button", name="New folder").click()
    files.get_by_role("dialog").get_by_label("Name").fill("plots 2026")
    files.keyboard.press("Enter")
    row(files, "plots 2026").get_by_role("button", name="plots 2026", exact=True).click()
    expect(files.get_by_text("This directory is empty.")).to_be_visible()
    assert world.directories == {"plots 2026"}


def test_a_text_is_looked_at_and_changed_in_the_editor(files: Page, world: World) -> None:
    row(files, "README.md").get_by_role("button", name="README.md", exact=True).click()
    editor = files.get_by_label("Editor: README.md")
    expect(editor).to_contain_text("My analysis.")
    editor.click()
    files.keyboard.press("Control+Home")
    files.keyboard.type("# ")
    save(files)
    assert world.files["README.md"] == "# My analysis.\n"


def test_an_image_and_a_fits_header_are_looked_at(files: Page, world: World) -> None:
    world.files |= {"plot.png": "", "sky.fits": "", "data.zip": "", "bad.png": "no image"}
    world.blobs["plot.png"] = PNG
    cards = ("SIMPLE  =                    T", "OBJECT  = 'Crab    '           / target", "END")
    world.blobs["sky.fits"] = b"".join(card.ljust(80).encode() for card in cards)
    files.get_by_role("button", name="Refresh").click()
    preview = files.get_by_role("complementary")
    for name, shown in (
        ("plot.png", "1 × 1"),
        ("sky.fits", "Crab"),
        ("data.zip", "This kind of file is not shown here."),
        ("bad.png", "This is no image that the browser can show"),
    ):
        row(files, name).get_by_role("button", name=name, exact=True).click()
        expect(preview).to_contain_text(shown)
    files.get_by_role("button", name="Close").click()
    expect(preview).to_have_count(0)


def test_what_is_in_a_root_file_is_shown_with_its_branches_and_histograms(files: Page, world: World) -> None:
    world.files["run.root"] = ""
    files.get_by_role("button", name="Refresh").click()
    row(files, "run.root").get_by_role("button", name="run.root", exact=True).click()
    objects = files.get_by_role("list", name="Objects of the ROOT file")
    objects.get_by_text("10 entries, 201 branches").click()
    expect(objects).to_contain_text("pt")
    expect(objects).to_contain_text("200 more")
    expect(objects.get_by_role("img", name="plots/mass;1")).to_be_visible()
    expect(objects).to_contain_text("Not looked into: only the file itself describes this class")


def test_a_link_for_others_is_made_with_an_expiry(files: Page) -> None:
    files.get_by_role("button", name="Share: hello.sh").click()
    dialog = files.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Expires after").select_option("3 days")
    dialog.get_by_role("button", name="Create link").click()
    expect(dialog.get_by_label("Link")).to_have_value(f"http://ink.example/shares/{'5' * 32}.signed-{3 * 86400}")
    expect(dialog).to_contain_text("Works until")


@pytest.mark.requirement("CORE-FILES-04")
def test_hostile_names_are_shown_readable_and_sent_back_as_they_are(files: Page, world: World) -> None:
    name = "<img src=x>\u202egnp\n.sh"
    world.files[name] = "echo"
    files.get_by_role("button", name="Refresh").click()
    shown = r"<img src=x>\u{202e}gnp\n.sh"
    expect(row(files, shown)).to_be_visible()
    files.get_by_role("button", name=f"Remove: {shown}").click()
    expect(files.get_by_text(f"{shown} is in the trash.")).to_be_visible()
    assert name not in world.files


def test_a_directory_that_is_gone_says_so(files: Page) -> None:
    files.goto("/#/files?path=nowhere")
    expect(files.get_by_role("alert")).to_contain_text("There is no directory nowhere.")
