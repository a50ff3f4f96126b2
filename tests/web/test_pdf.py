"""The preview of a PDF: its pages on canvases, and nothing in it that does anything."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.web.contract_world import World
from tests.web.pdf_files import RED, SCRIPTS, pdf, saying

pytestmark = [pytest.mark.browser, pytest.mark.requirement("CORE-FILES-11")]
ENCRYPTED = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O ({'o' * 32}) /U ({'u' * 32}) >> /ID [(a) (a)]"
LINK = "/Annots [<< /Subtype /Link /Rect [0 0 200 300] /A << /S /URI /URI (https://evil.example/) >> >>]"
Open = Callable[..., Locator]


@pytest.fixture
def opened(alice: Page, world: World) -> Open:
    """The preview of a file with these bytes."""

    def preview(name: str, data: bytes) -> Locator:
        world.files[name], world.blobs[name] = "", data
        alice.goto(f"/#/files?open={name}")
        return alice.get_by_role("complementary")

    return preview


def sheet(preview: Locator, number: int) -> Locator:
    return preview.get_by_role("listitem", name=f"Page {number}", exact=True)


def drawn(preview: Locator, number: int) -> Locator:
    canvas = sheet(preview, number).locator("canvas[data-drawn=yes]")
    expect(canvas).to_be_attached()
    return canvas


def pixel(canvas: Locator, across: float, down: float) -> list[int]:
    at = "(of, [x, y]) => [...of.getContext('2d').getImageData(of.width * x, of.height * y, 1, 1).data]"
    return canvas.evaluate(at, [across, down])


def ink(canvas: Locator) -> int:
    """How many pixels are dark."""
    return canvas.evaluate(
        """of => of.getContext('2d').getImageData(0, 0, of.width, of.height).data
          .filter((value, at) => at % 4 === 0 && value < 100).length"""
    )


def test_pages_are_drawn_as_they_are_and_their_words_can_be_read(opened: Open) -> None:
    preview = opened("paper.pdf", pdf([saying("Higgs"), "0 0 1 rg 0 150 200 150 re f"]))
    assert ink(drawn(preview, 1)) > 200
    expect(sheet(preview, 1)).to_contain_text("Higgs")
    sheet(preview, 2).scroll_into_view_if_needed()
    second = drawn(preview, 2)
    assert (pixel(second, 0.5, 0.25), pixel(second, 0.5, 0.75)) == ([0, 0, 255, 255], [255, 255, 255, 255])


def test_only_pages_in_sight_are_drawn_and_one_is_gone_to_by_its_number(opened: Open, alice: Page) -> None:
    preview = opened("long.pdf", pdf([saying(str(number)) for number in range(1, 301)]))
    drawn(preview, 1)
    assert preview.locator("canvas").count() < 10
    number = preview.get_by_role("spinbutton", name="Page")
    number.fill("200")
    number.press("Enter")
    drawn(preview, 200)
    expect(sheet(preview, 200)).to_contain_text("200")
    expect(sheet(preview, 1).locator("canvas")).to_have_count(0)
    expect(number).to_have_value("200")


def test_a_page_is_made_larger_with_buttons_and_keys(opened: Open) -> None:
    preview = opened("paper.pdf", pdf([RED]))
    before = drawn(preview, 1).bounding_box()
    assert before is not None
    preview.get_by_role("button", name="Larger").click()
    preview.get_by_role("region", name="paper.pdf").press("+")
    expect(preview.get_by_role("status")).to_have_text("150 %")
    after = drawn(preview, 1).bounding_box()
    assert after is not None and after["width"] > 1.4 * before["width"]
    preview.get_by_role("region", name="paper.pdf").press("0")
    expect(preview.get_by_role("status")).to_have_text("100 %")


def test_a_large_file_is_read_as_far_as_it_is_looked_at(opened: Open, alice: Page) -> None:
    asked: list[str] = []
    alice.on("request", lambda request: asked.append(request.headers.get("range", "")))
    pages = [RED, *(f"% {'x' * 900_000}\n{RED}" for _ in range(9))]
    drawn(opened("large.pdf", pdf(pages)), 1)
    pieces = [one for one in asked if one.startswith("bytes=")]
    assert 1 < len(pieces) < 20  # of 35, with what is near the first page and the table at the end


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (pdf([RED], trailer=ENCRYPTED), "This PDF asks for a password"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 40, "or it is damaged beyond reading"),
        (b"no PDF at all", "or it is damaged beyond reading"),
    ],
)
def test_what_cannot_be_shown_says_why(opened: Open, data: bytes, said: str) -> None:
    expect(opened("odd.pdf", data).get_by_role("alert")).to_contain_text(said)


def test_a_file_that_is_too_large_is_not_read(opened: Open, world: World) -> None:
    world.told_sizes["huge.pdf"] = 2**40
    expect(opened("huge.pdf", pdf([RED])).get_by_role("alert")).to_contain_text("larger than 256 MiB")


def test_a_file_whose_table_is_broken_is_shown_all_the_same(opened: Open) -> None:
    data = pdf([RED]).replace(b"startxref\n", b"startxref\n9999")
    assert pixel(drawn(opened("bent.pdf", data), 1), 0.5, 0.5) == [255, 0, 0, 255]


def test_nothing_in_a_hostile_file_is_run_or_followed(opened: Open, alice: Page) -> None:
    dialogs: list[str] = []

    def dismissed(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    alice.on("dialog", dismissed)
    canvas = drawn(opened("hostile.pdf", pdf([RED, RED], catalog=SCRIPTS, page=LINK)), 1)
    before = alice.url
    canvas.click()
    assert pixel(canvas, 0.5, 0.5) == [255, 0, 0, 255]
    assert (dialogs, alice.url, len(alice.context.pages)) == ([], before, 1)
    assert alice.get_by_role("link", name="evil").count() == 0


def test_a_page_of_endless_size_is_drawn_within_bounds(opened: Open) -> None:
    canvas = drawn(opened("wide.pdf", pdf([RED], page="/MediaBox [0 0 100 14000]")), 1)
    width, height = canvas.evaluate("of => [of.width, of.height]")
    assert width * height <= 16 * 2**20 and max(width, height) <= 16_384


def test_the_viewer_is_loaded_with_the_first_pdf_and_its_worker_may_load_nothing(opened: Open, alice: Page) -> None:
    def viewers() -> list[str]:
        return alice.evaluate("() => performance.getEntriesByType('resource').map(one => one.name)")

    assert not [name for name in viewers() if "pdf" in name.lower()]
    drawn(opened("paper.pdf", pdf([RED])), 1)
    worker = next(name for name in viewers() if "pdf.worker" in name)
    policy = alice.request.get(worker).headers["content-security-policy"]
    assert policy.startswith("default-src 'none';") and "script-src" not in policy
