"""The page of JobLens: which jobs were measured, and one of them over time, with its files and its verdict."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from joblens.captures.capture import Capture, Detail
from joblens.store.embedded import EmbeddedStore
from tests.web.conftest import SignIn
from tests.web.contract_world import World
from tests.web.measured_jobs import BEGUN, captured, key_of, many, measured, on_cards, running

pytestmark = pytest.mark.browser


@pytest.fixture
def lens_world(world: World) -> World:
    """Two ended jobs of alice and one that runs, and one of bob."""
    world.traces.write(
        [
            measured("172.0", sequence=1),
            measured("173.0", cores=3.5, begun=BEGUN + 300, sequence=2),
            running("180.0", sequence=3),
            measured("99.0", "bob", sequence=4),
        ]
    )
    return world


@pytest.fixture
def job(alice: Page, lens_world: World) -> Page:
    alice.goto("/#/joblens/dev/172.0")
    expect(alice.get_by_role("img", name="CPU:")).to_be_visible()
    return alice


def cursor_of(page: Page) -> Locator:
    return page.get_by_role("slider", name="Cursor")


def test_measured_jobs_are_listed_with_counts_and_filtered(alice: Page, lens_world: World) -> None:
    alice.get_by_role("link", name="JobLens").click()
    expect(alice.get_by_text("3 measured jobs")).to_be_visible()
    expect(alice.get_by_role("button", name="All 3")).to_be_visible()
    expect(alice.get_by_label("User", exact=True)).to_have_count(0)
    alice.get_by_role("button", name="Running 1").click()
    expect(alice.get_by_text("1 measured jobs")).to_be_visible()
    expect(alice.get_by_role("link", name="180.0")).to_be_visible()
    alice.get_by_label("Search").fill("173")
    expect(alice.get_by_text("No measured job matches.")).to_be_visible()
    alice.get_by_role("button", name="Clear the filters").click()
    alice.get_by_role("link", name="172.0").click()
    expect(alice.get_by_role("heading", name="Job 172.0")).to_be_visible()


def test_an_administrator_sees_jobs_of_all_and_filters_by_user(sign_in: SignIn, lens_world: World) -> None:
    admin = sign_in("admin", "/#/joblens")
    expect(admin.get_by_text("4 measured jobs")).to_be_visible()
    admin.get_by_label("User", exact=True).fill("bob")
    expect(admin.get_by_text("1 measured jobs")).to_be_visible()
    expect(admin.get_by_role("link", name="99.0")).to_be_visible()
    assert "user=bob" in admin.url


def test_of_six_thousand_jobs_few_rows_are_drawn(alice: Page, world: World, tmp_path: Path) -> None:
    world.traces = EmbeddedStore(tmp_path / "traces.db", clock=time.time)
    world.traces.write([many(6000, sequence=1)])
    alice.goto("/#/joblens")
    expect(alice.get_by_text("6,000 measured jobs")).to_be_visible()
    assert alice.locator("tbody tr").count() < 100
    alice.get_by_role("region", name="Measured jobs").evaluate("(box) => box.scrollTo(0, box.scrollHeight)")
    expect(alice.locator("tr[data-index='5999']")).to_be_visible()


def test_a_job_that_begins_meanwhile_appears_by_itself(alice: Page, lens_world: World) -> None:
    alice.goto("/#/joblens")
    expect(alice.get_by_text("3 measured jobs")).to_be_visible()
    lens_world.traces.write([running("175.0", sequence=5)])
    expect(alice.get_by_role("link", name="175.0")).to_be_visible(timeout=120_000)


@pytest.mark.requirement("WEB-LENS-01")
def test_cpu_memory_io_and_network_are_charted_with_one_cursor(job: Page) -> None:
    for lane in ("CPU", "Memory", "I/O", "Network"):
        expect(job.get_by_role("img", name=f"{lane}:")).to_be_visible()
    expect(job.get_by_text("asked for 4.00", exact=True)).to_be_visible()
    expect(job.get_by_text("asked for 2.0 GiB", exact=True)).to_be_visible()
    cursor = cursor_of(job)
    cursor.press("Home")
    for _ in range(20):
        cursor.press("ArrowRight")
    said = cursor.get_attribute("aria-valuetext") or ""
    assert "CPU: cores 0.10" in said and "read 10.0 MiB/s" in said and "written 0 B/s" in said
    job.get_by_role("button", name="checkpoint: ck1").click()
    assert cursor.get_attribute("aria-valuetext") != said


@pytest.mark.requirement("WEB-LENS-05")
@pytest.mark.requirement("WEB-LENS-01")
def test_a_window_is_zoomed_by_dragging_and_by_keys_and_its_address_is_shared(job: Page) -> None:
    lane = job.get_by_role("img", name="I/O:")
    box = lane.bounding_box()
    assert box is not None
    job.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 30)
    job.mouse.down()
    job.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 30, steps=3)
    job.mouse.up()
    expect(job.get_by_role("img", name="I/O: read: mean 0 B/s, written: mean 1.0 MiB/s")).to_be_visible()
    shared = job.url
    assert "from=" in shared and "to=" in shared
    cursor_of(job).press("0")
    expect(job.get_by_role("button", name="Whole job")).to_be_disabled()
    cursor_of(job).press("Home")
    cursor_of(job).press("+")
    expect(job.get_by_role("img", name="I/O: read: mean 10.0 MiB/s, written: mean 0 B/s")).to_be_visible()
    job.goto(shared)
    job.reload()
    expect(job.get_by_role("img", name="I/O: read: mean 0 B/s, written: mean 1.0 MiB/s")).to_be_visible()


@pytest.mark.requirement("WEB-LENS-02")
def test_files_are_listed_with_their_traffic_and_where_they_lie(job: Page) -> None:
    rows = job.get_by_role("region", name="Files by traffic").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("/eos/lhaaso/run1.root")
    expect(rows.nth(1)).to_contain_text("2.9 GiB")
    expect(rows.nth(1)).to_contain_text("fuse.eosxd")
    expect(rows.nth(2)).to_contain_text("/work/out.root")
    expect(rows.nth(2)).to_contain_text("300 MiB")
    expect(rows.filter(has_text="root://eos.example//calib.db")).to_contain_text("network")
    expect(rows.filter(has_text="no file known")).to_contain_text("2.0 MiB")
    expect(rows.filter(has_text="all other files")).to_contain_text("1.0 MiB")


def test_the_verdict_tells_what_to_change_and_what_it_rests_on(job: Page) -> None:
    verdict = job.get_by_role("region", name="Verdict")
    expect(verdict).to_contain_text("request_cpus = 1")
    expect(verdict).to_contain_text("core hours")
    verdict.get_by_text("It rests on").first.click()
    expect(verdict.locator("dd").first).to_be_visible()


def test_a_job_that_was_not_measured_and_one_of_another_are_told_alike(alice: Page, lens_world: World) -> None:
    for job in ("99.0", "1.0"):
        alice.goto(f"/#/joblens/dev/{job}")
        expect(alice.get_by_role("alert")).to_contain_text(f"JobLens has no record of a job {job} of yours on dev")


@pytest.mark.requirement("WEB-LENS-05")
def test_the_window_that_is_shown_is_a_table_to_take_along(job: Page) -> None:
    job.goto(f"/#/joblens/dev/172.0?from={BEGUN}&to={BEGUN + 100}")
    expect(job.get_by_role("img", name="I/O: read: mean 10.0 MiB/s, written: mean 0 B/s")).to_be_visible()
    with job.expect_download() as download:
        job.get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename == "dev-172.0.csv"
    head, *rows = Path(download.value.path()).read_text().splitlines()
    columns = head.split(",")
    assert columns[:3] == ["time", "epoch_s", "cpu_percent (percent of one core)"]
    assert len(rows) in range(19, 22)
    assert float(rows[5].split(",")[columns.index("read_rate (bytes/s)")]) == 10 * 2**20


@pytest.mark.requirement("WEB-LENS-04")
def test_a_window_tells_what_changed_and_is_asked_about(job: Page) -> None:
    changed = job.get_by_role("region", name="What changed")
    expect(changed).to_contain_text("Zoom into a window")
    job.goto(f"/#/joblens/dev/172.0?from={BEGUN + 301}&to={BEGUN + 590}")
    row = changed.get_by_role("row").filter(has_text="CPU, cores")
    expect(row).to_contain_text("0.10")
    expect(row).to_contain_text("1.00")
    expect(row).to_contain_text("× 10.00")
    changed.get_by_role("button", name="Ask the agent").click()
    job.get_by_role("button", name="New session").first.click()
    question = job.locator("textarea")
    expect(question).to_have_value(re.compile("What did job 172.0 on dev do between"))
    expect(question).to_have_value(re.compile("CPU, cores: 0.10 before, 1.00 in the window"))


@pytest.mark.requirement("WEB-LENS-04")
def test_another_job_is_laid_beside_and_compared_figure_by_figure(job: Page) -> None:
    compare = job.get_by_role("region", name="Compare")
    compare.get_by_label("Job").fill("173.0")
    compare.get_by_role("button", name="Compare", exact=True).click()
    row = compare.get_by_role("row").filter(has_text="Cores busy")
    expect(row).to_contain_text("0.55")
    expect(row).to_contain_text("1.80")
    expect(job.locator("path.beside[d^=M]")).to_have_count(6)
    assert "with=173.0" in job.url
    job.reload()
    expect(job.locator("path.beside[d^=M]")).to_have_count(6)
    compare.get_by_role("button", name="Stop comparing").click()
    expect(job.locator("path.beside")).to_have_count(0)
    compare.get_by_label("Job").fill("99.0")
    compare.get_by_role("button", name="Compare", exact=True).click()
    expect(compare.get_by_role("alert")).to_contain_text("no record of a job 99.0 of yours")


def test_an_own_job_is_captured_at_once(alice: Page, lens_world: World) -> None:
    alice.goto("/#/joblens/dev/180.0")
    captures = alice.get_by_role("region", name="Captures")
    captures.get_by_role("button", name="Capture now").click()
    expect(captures.get_by_role("status")).to_contain_text("The capture runs for 5 min")
    expect(captures.get_by_role("listitem")).to_contain_text("by alice")
    assert [capture.key.job for capture in lens_world.captures] == ["180.0"]


def test_the_functions_processes_and_connections_of_a_capture_are_listed(alice: Page, lens_world: World) -> None:
    begun = time.time() - 90
    lens_world.captures.append(Capture("c1", key_of("180.0"), begun, begun + 60, 1.0, tuple(Detail), "alice", ""))
    lens_world.traces.write([captured("180.0", sequence=9)])
    alice.goto("/#/joblens/dev/180.0")
    functions = alice.get_by_role("region", name="Where the CPU time goes").get_by_role("row")
    expect(functions.nth(1)).to_have_text(re.compile(r"R__unzip\s+75 %\s*75 %"))
    expect(functions.filter(has_text="main")).to_have_text(re.compile(r"main\s+0 %\s*100 %"))
    expect(alice.get_by_role("region", name="Processes", exact=True).get_by_role("row").nth(1)).to_contain_text("reco")
    peer = alice.get_by_role("region", name="Connections", exact=True).get_by_role("row").nth(1)
    expect(peer).to_have_text(re.compile(r"192.0.2.7:1094\s*tcp\s*ESTABLISHED\s*2.0 KiB\s*7.0 MiB\s*0.4 ms"))


def test_the_capture_of_anothers_job_waits_for_approval(sign_in: SignIn, lens_world: World) -> None:
    admin = sign_in("admin", "/#/joblens/dev/180.0")
    admin.get_by_role("button", name="Capture now").click()
    expect(admin.get_by_text("This needs approval.")).to_be_visible()
    assert len(lens_world.approvals) == 1 and lens_world.captures == []


@pytest.mark.requirement("WEB-LENS-03")
def test_use_and_memory_of_each_card_are_charted(alice: Page, world: World) -> None:
    world.traces.write([on_cards("180.0", sequence=1)])
    alice.goto("/#/joblens/dev/180.0")
    for lane in (
        "GPU, node-007, card 0: busy: mean 80 %",
        "GPU memory, node-007, card 0: used: mean 4.0 GiB",
        "GPU, node-007, card 1: busy: mean 5 %",
        "GPU memory, node-007, card 1: used: mean 1.0 GiB",
    ):
        expect(alice.get_by_role("img", name=lane)).to_be_visible()
