"""The portal's apps from launch to end, shared files, quotas, and the pages of plugins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import SignIn
from tests.web.contract_apps import app_session
from tests.web.contract_world import World, now, stamp

pytestmark = pytest.mark.browser
Violations = Callable[[Page], list[str]]


def form(page: Page, app: str) -> Locator:
    """The form of an app, opened by the keyboard."""
    page.get_by_role("button", name=f"Launch {app}").focus()
    page.keyboard.press("Enter")
    return page.get_by_role("dialog", name=f"Launch {app}")


@pytest.mark.requirement("WEB-PORTAL-02")
def test_an_app_is_launched_from_its_form_followed_opened_and_stopped(
    alice: Page, world: World, violations: Violations
) -> None:
    dialog = form(alice, "Jupyter")
    expect(dialog.get_by_label("Memory (MB)")).to_have_value("2048")
    expect(dialog.get_by_label("GPUs")).to_have_count(0)
    dialog.get_by_label("CPUs").fill("2")
    dialog.get_by_label("Time (hours)").fill("1.5")
    dialog.get_by_label("Folder").fill("analysis")
    assert violations(alice) == []
    alice.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    (sent,) = world.launches
    asked = {"cpus": 2, "memory_mb": 2048, "wall_time_s": 5400, "inputs": {"folder": "analysis"}}
    assert {name: sent[name] for name in asked} == asked

    row = alice.get_by_role("listitem").filter(has_text="2 CPUs, 2.0 GiB")
    expect(row.locator('[aria-current="step"]')).to_have_text("submitting")
    (session,) = world.app_sessions
    session |= {"state": "queued", "job_id": "4712.0", "reason": "No node has 2 free CPUs.", "estimate_s": 200.0}
    expect(row).to_contain_text("No node has 2 free CPUs.")
    expect(row).to_contain_text("ready in about 3 min 20 s")
    session |= {"state": "ready", "reason": None, "estimate_s": None, "node": "node-007"}
    expect(row).to_contain_text("This site has no address for apps")
    expect(row.get_by_role("link")).to_have_count(0)
    url = "http://apps.example/jupyter/node-007/31000/alice/"
    ends = stamp(now() + timedelta(hours=1, minutes=29))
    session |= {"url": url, "ends_at": ends}
    opened = row.get_by_role("link", name="Open Jupyter in a new tab")
    expect(opened).to_have_attribute("href", url)
    expect(opened).to_have_attribute("rel", "noopener")
    expect(row).to_contain_text("ends in 1 h 2")
    assert violations(alice) == []

    row.get_by_role("button", name="Stop Jupyter").click()
    alice.get_by_role("dialog").get_by_role("button", name="Stop").click()
    expect(alice.get_by_text("No app is running.")).to_be_visible()
    assert session["state"] == "ended"


@pytest.mark.requirement("WEB-PORTAL-02")
def test_what_the_scheduler_refuses_stays_in_the_form_and_the_same_launch_has_the_same_key(
    alice: Page, world: World
) -> None:
    dialog = form(alice, "Terminal")
    dialog.get_by_label("GPUs").fill("1")
    dialog.get_by_text("Queue and accounting").click()
    dialog.get_by_label("Partition or queue").fill("forbidden")
    launch = dialog.get_by_role("button", name="Launch")
    launch.click()
    expect(dialog.get_by_role("alert")).to_contain_text("takes no jobs of yours")
    launch.click()
    expect(launch).to_be_enabled()
    dialog.get_by_label("Partition or queue").fill("asked")
    launch.click()
    expect(alice.get_by_text("Your request waits for approval.")).to_be_visible()
    expect(dialog).to_have_count(0)
    keys = [sent["key"] for sent in world.launches]
    assert (len(keys), keys[0] == keys[1], keys[1] == keys[2]) == (3, True, False)
    assert world.launches[0]["gpus"] == 1


def test_a_session_that_failed_tells_why_and_what_it_said(
    sign_in: SignIn, world: World, violations: Violations
) -> None:
    reason = "the app did not answer within 180 s"
    world.app_sessions += [
        app_session("as-2", "alice", state="failed", reason="its job was held: no such partition"),
        app_session("as-1", "alice", state="timed_out", reason=reason, job_id="4711.0"),
    ]
    page = sign_in()
    expect(page.get_by_text("no such partition")).to_be_visible()
    expect(page.get_by_text(reason)).not_to_be_visible()
    page.get_by_text("Earlier (1)").click()
    row = page.get_by_role("listitem").filter(has_text=reason)
    expect(row).to_contain_text("timed out")
    row.get_by_role("button", name="What Jupyter said").click()
    expect(page.get_by_role("dialog")).to_contain_text("jupyter-lab: command not found")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    row.get_by_role("button", name="Dismiss Jupyter").click()
    expect(page.get_by_text("Earlier (1)")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("no such partition")).to_be_visible()
    expect(page.get_by_text("Earlier (1)")).to_have_count(0)


def test_an_administrator_sees_why_an_app_is_not_offered(sign_in: SignIn) -> None:
    page = sign_in("admin")
    page.get_by_text("Apps that cannot be used").click()
    expect(page.get_by_text("manifest.yaml: command: field required")).to_be_visible()


@pytest.mark.requirement("WEB-PORTAL-02")
def test_shared_files_are_listed_copied_and_revoked(sign_in: SignIn, world: World, violations: Violations) -> None:
    common = {"created_at": stamp(now()), "expires_at": "2099-01-02T03:04:05Z"}
    mine = {"share_id": "5" * 32, "owner": "alice", "path": "out/172.out", "reader_kind": "group", "reader": "higgs"}
    others = {"share_id": "6" * 32, "owner": "bob", "path": "fit.root", "reader_kind": "user", "reader": "alice"}
    world.shares += [{**mine, **common, "url": "/shares/mine.x"}, {**others, **common, "url": "/shares/bobs.x"}]
    page = sign_in(permissions=["clipboard-read", "clipboard-write"])
    shared = page.get_by_role("region", name="Shared files")
    expect(shared).to_contain_text("with the group higgs")
    expect(shared.get_by_role("link", name="fit.root")).to_have_attribute("href", "/shares/bobs.x")
    assert violations(page) == []
    shared.get_by_role("button", name="Copy the link of out/172.out").click()
    expect(shared.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "/shares/mine.x"
    shared.get_by_role("button", name="Revoke the share of out/172.out").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(shared.get_by_text("out/172.out")).to_have_count(0)
    assert [share["share_id"] for share in world.shares] == ["6" * 32]


@pytest.mark.requirement("WEB-PORTAL-02")
def test_a_quota_is_told_with_what_counts_against_it(alice: Page, world: World) -> None:
    limits = {"used_bytes": 3 * 2**30, "soft_bytes": 4 * 2**30, "hard_bytes": 5 * 2**30}
    world.quota = {"limits": limits, "trash_bytes": 2**20}
    space = alice.get_by_role("region", name="My space")
    space.get_by_role("button", name="Look how much I use").click()
    expect(space).to_contain_text("Your quota is 5.0 GiB; 3.0 GiB count against it.")
    expect(space).to_contain_text("Above 4.0 GiB")
    expect(space).to_contain_text("1.0 MiB of it are in the trash")
    expect(space.get_by_role("progressbar")).to_have_attribute("value", str(3 * 2**30))


@pytest.mark.requirement("CORE-PLUGIN-05")
def test_pages_of_plugins_are_linked(sign_in: SignIn, world: World) -> None:
    page = {"plugin": "herd", "title": "HERD event display", "description": "Showers", "url": "/plugins/herd/"}
    world.plugin_pages.append(page)
    listed = sign_in().get_by_role("region", name="Pages of this site")
    expect(listed.get_by_role("link", name="HERD event display")).to_have_attribute("href", "/plugins/herd/")
