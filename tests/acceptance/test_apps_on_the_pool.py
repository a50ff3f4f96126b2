"""Real apps as jobs of HTCondor and Slurm on the development cluster, opened through nginx with a WebSocket."""

from __future__ import annotations

import base64
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from bench.running_manager import ROOT, Client, free_port
from ink_core.identity.principal import USER_SCOPES
from tests.acceptance.app_sessions import (
    OVER,
    START_S,
    Visitor,
    computed,
    launch,
    ready,
    session,
    stop,
    why_no_code_server,
    why_no_jsroot,
)
from tests.acceptance.browser import Visitor as Person
from tests.acceptance.pool import Pool
from tests.acceptance.waiting import until
from tests.nginx import Addresses, running_nginx, why_no_nginx

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.integration,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(why_no_nginx() is not None, reason=str(why_no_nginx())),
]
ON_NODES = ROOT / ".venv/apps/jupyter-nodes"
HISTOGRAM = ROOT / "tests/doubles/histogram.root"
"""`mass`, a TH1D of five entries in 20 bins."""
RUN_IN_A_KERNEL = (Path(__file__).parent / "kernel.js").read_text("utf-8")
OWN_SOCKET = "f\"/proc/{__import__('os').getpid()}/root{__import__('glob').glob('/tmp/ink-app-*')[0]}\""
"""The folder of an app's socket, as its kernel tells it to others on the node: HTCondor gives a job its own /tmp."""
LOADED_MS = 180_000
LOCK = ROOT / "requirements/apps.lock"


@pytest.fixture(scope="module", autouse=True)
def nginx(pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """On this machine, with the manager's key for it."""
    key = base64.b64decode(pool.cluster.exec("portal", ["base64", "-w0", f"{pool.data}/proxy.key"]))
    addresses = Addresses(free_port(), pool.apps_port, pool.url)
    with running_nginx(tmp_path_factory.mktemp("proxy"), addresses, f"10.77.0.2:{pool.port}", key):
        yield


def token_of(pool: Pool, user: str) -> str:
    words = [word for scope in USER_SCOPES for word in ("--scope", scope)]
    code, token = pool.ink("token", "create", user, "--name", "apps", *words)
    assert code == 0, token
    return token.strip()


@pytest.fixture(scope="module")
def token(pool: Pool) -> str:
    return token_of(pool, "alice")


@pytest.fixture(scope="module")
def alices(pool: Pool, token: str) -> Iterator[Client]:
    with httpx2.Client(base_url=pool.url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as http:
        yield Client(http)


@pytest.fixture(scope="module")
def jupyter_on_nodes(pool: Pool) -> None:
    """JupyterLab for the nodes' Python, in a folder of this checkout, which they see."""
    version = pool.as_user(
        "alice", "/usr/bin/python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"
    ).strip()
    stamp, want = ON_NODES / "stamp", f"{version}\n{LOCK.read_text()}"
    if stamp.exists() and stamp.read_text() == want:
        return
    argv = [ROOT / ".venv/bin/uv", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:"]
    node = ["--python-version", version, "--python-platform", "x86_64-manylinux_2_28", "--target", ON_NODES]
    done = subprocess.run([*argv, *node, "-r", LOCK], capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        pytest.skip(f"JupyterLab cannot be installed for the nodes: {done.stderr[-500:]}")
    stamp.write_text(want)


@pytest.fixture(scope="module")
def jupyter(alices: Client, jupyter_on_nodes: None) -> Iterator[dict[str, Any]]:
    """A session of alice that is ready."""
    session_id = launch(alices, "jupyter", cluster="htcondor", memory_mb=1024)
    try:
        yield ready(alices, session_id)
    finally:
        stop(alices, session_id)


@pytest.fixture(scope="module")
def vs_code(pool: Pool, alices: Client) -> Iterator[dict[str, Any]]:
    """A session of alice that is ready, in a folder with a file of hers; the last test that has it stops it."""
    pool.as_user("alice", "sh", "-c", "umask 077; mkdir -p seen; cat > seen/muons.txt", stdin="Eleven-muons\n")
    inputs = {"directory": "seen"}
    session_id = launch(alices, "code", cluster="slurm", cpus=1, memory_mb=1024, inputs=inputs)
    try:
        yield ready(alices, session_id)
    finally:
        if session(alices, session_id)["state"] not in OVER:
            stop(alices, session_id)


def alice_at_the_portal(pool: Pool, browser: Browser) -> Person:
    code, link = pool.ink("user", "link", "alice")
    assert code == 0, link
    person = Person(browser, pool.url)
    person.sign_in_by_link(f"{pool.url}/sign-in{link.strip().partition('/sign-in')[2]}")
    return person


@pytest.mark.browser
@pytest.mark.requirement("CORE-APPS-01")
@pytest.mark.requirement("DEPLOY-NGINX-02")
def test_a_person_signed_in_at_the_portal_opens_jupyter_and_computes(
    pool: Pool, browser: Browser, jupyter: dict[str, Any]
) -> None:
    person = alice_at_the_portal(pool, browser)
    apps_url = f"http://localhost:{pool.apps_port}"
    person.page.goto(f"{apps_url}{jupyter['path']}lab")
    expect(person.page).to_have_url(re.compile(re.escape(f"{apps_url}{jupyter['path']}lab")))
    expect(person.page.locator(".jp-Launcher").first).to_be_visible(timeout=LOADED_MS)
    asked = {"base": jupyter["path"], "code": "import os; print(os.uname().nodename)"}
    assert person.page.evaluate(RUN_IN_A_KERNEL, asked).strip() == jupyter["node"]
    assert {cookie.get("name") for cookie in person.context.cookies(apps_url)} >= {"ink_app"}
    assert "ink_session" not in {cookie.get("name") for cookie in person.context.cookies(apps_url)}
    reads = "url => fetch(url, {credentials: 'include'}).then(() => 'read', () => 'refused')"
    assert person.page.evaluate(reads, f"{pool.url}/api/v1/me") == "refused", "a page of an app reads nothing of ours"
    person.context.close()


@pytest.mark.requirement("CORE-APPS-01")
@pytest.mark.requirement("CORE-APPS-07")
def test_jupyter_runs_as_a_job_of_its_user_and_is_opened_through_nginx(
    pool: Pool, token: str, jupyter: dict[str, Any]
) -> None:
    now, node = jupyter, jupyter["node"].partition(".")[0]
    assert pool.job_status(now["job_id"]) == "2"
    with Visitor(now, token) as page:
        assert "JupyterLab" in page.http.get("lab").text
        assert computed(page, "__import__('getpass').getuser()") == "'alice'"
        with Visitor(now, token_of(pool, "bob")) as stranger:
            assert stranger.http.get("lab").status_code == 403
        at_the_node = f"http://{pool.cluster.address(node)}:{now['port']}{now['path']}lab"
        assert httpx2.get(at_the_node).status_code == 403
        folder_of_the_socket = computed(page, OWN_SOCKET).strip("'")
    for folder in (now["folder"], folder_of_the_socket):
        assert pool.cluster.exec(node, ["ls", folder], "alice") != ""
        neighbour = pool.cluster.try_exec(node, ["ls", folder], "bob")
        assert neighbour.returncode != 0 and "Permission denied" in neighbour.stderr, neighbour


@pytest.mark.browser
@pytest.mark.requirement("CORE-APPS-02")
@pytest.mark.skipif(why_no_code_server() is not None, reason=str(why_no_code_server()))
def test_vs_code_shows_a_file_of_its_user(pool: Pool, browser: Browser, vs_code: dict[str, Any]) -> None:
    person = alice_at_the_portal(pool, browser)
    person.page.goto(vs_code["url"])
    person.page.get_by_role("treeitem", name="muons.txt").click(timeout=LOADED_MS)
    expect(person.page.locator(".view-lines", has_text="Eleven-muons")).to_be_visible(timeout=LOADED_MS)
    person.context.close()


@pytest.mark.requirement("CORE-APPS-02")
@pytest.mark.skipif(why_no_code_server() is not None, reason=str(why_no_code_server()))
def test_vs_code_runs_as_a_job_on_slurm_is_opened_through_nginx_and_stopped(
    pool: Pool, alices: Client, token: str, vs_code: dict[str, Any]
) -> None:
    now = vs_code
    with Visitor(now, token) as page:
        assert "workbench" in page.http.get("", follow_redirects=True).text
        with page.socket("?reconnectionToken=0b9e5a0e-6c9b-4d0d-b7a4-0a4b2b1f8d55&reconnection=false"):
            assert page.http.get("healthz").status_code == 200
        stop(alices, now["session_id"])
        assert page.http.get("healthz").status_code == 404
    assert session(alices, now["session_id"])["state"] == "ended"
    look = ["ls", now["folder"]]
    until("its folder is gone", lambda: pool.cluster.try_exec("portal", look, "alice").returncode == 2, START_S)


@pytest.mark.browser
@pytest.mark.requirement("CORE-APPS-04")
@pytest.mark.skipif(why_no_jsroot() is not None, reason=str(why_no_jsroot()))
def test_the_root_browser_draws_a_file_of_its_user(pool: Pool, browser: Browser, alices: Client) -> None:
    content = base64.b64encode(HISTOGRAM.read_bytes()).decode()
    pool.as_user("alice", "sh", "-c", "umask 077; base64 -d > mass.root", stdin=content)
    now = ready(alices, launch(alices, "rootbrowse", cluster="htcondor", inputs={"file": "mass.root"}))
    person = alice_at_the_portal(pool, browser)
    person.page.goto(now["url"])
    person.page.get_by_text("mass;1").click(timeout=LOADED_MS)
    expect(person.page.locator("svg.root_canvas")).to_contain_text("Entries", timeout=LOADED_MS)
    person.context.close()
    stop(alices, now["session_id"])
