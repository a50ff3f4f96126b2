"""OpenClaw as a job of its user on the development cluster: opened through nginx, with the site's model and skills.

Its manager is one of its own, of a site that has a model; nobody asks the model anything here.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bench.running_manager import Client, free_port
from ink_core.identity.principal import USER_SCOPES
from skills.catalogue import SkillCatalogue
from tests.acceptance.app_sessions import Visitor, launch, ready, stop, why_no_openclaw
from tests.acceptance.pool import APP_PROGRAMS, Pool, running_pool
from tests.integration.cluster.dev_cluster import DevCluster
from tests.nginx import Addresses, running_nginx

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.integration,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(why_no_openclaw() is not None, reason=str(why_no_openclaw())),
]
ASK_S = 300  # it looks for things on the network, which there is none of
MODEL = {"name": "qwen", "base_url": "http://10.77.0.2:9/v1", "model": "qwen3", "trust": "site"}


@pytest.fixture(scope="module")
def site(dev_cluster: DevCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    """With nginx before it, on this machine."""
    with running_pool(dev_cluster, {"models": [MODEL]}) as pool:
        key = base64.b64decode(dev_cluster.exec("portal", ["base64", "-w0", f"{pool.data}/proxy.key"]))
        addresses = Addresses(free_port(), pool.apps_port, pool.url)
        with running_nginx(tmp_path_factory.mktemp("proxy"), addresses, f"10.77.0.2:{pool.port}", key):
            yield pool


def asked(site: Pool, now: dict[str, Any], *words: str) -> Any:
    """What OpenClaw itself answers to its user on the session's node, by the session's configuration."""
    told = {
        "OPENCLAW_CONFIG_PATH": f"{now['folder']}/openclaw.json",
        "OPENCLAW_STATE_DIR": f"{Path(now['folder']).parents[1]}/openclaw",
        "INK_APP_PATH": now["path"],
    }
    environment = [f"{name}={value}" for name, value in told.items()]
    command = ["env", *environment, f"{APP_PROGRAMS}/openclaw", *words, "--json"]
    return json.loads(site.cluster.exec(now["node"].partition(".")[0], command, "alice", timeout=ASK_S))


@pytest.mark.requirement("CORE-APPS-05")
def test_openclaw_runs_as_a_job_with_the_model_and_the_skills_of_the_site(site: Pool) -> None:
    words = [word for scope in USER_SCOPES for word in ("--scope", scope)]
    code, token = site.ink("token", "create", "alice", "--name", "apps", *words)
    assert code == 0, token
    headers = {"Authorization": f"Bearer {token.strip()}"}
    with httpx2.Client(base_url=site.url, headers=headers, timeout=60) as http:
        alice = Client(http)
        now = ready(alice, launch(alice, "openclaw", cluster="htcondor"))
        with Visitor(now, token.strip()) as page:
            assert f'data-openclaw-control-ui-base-path="{now["path"].rstrip("/")}"' in page.http.get("").text
        models = asked(site, now, "models", "status")
        assert models["resolvedDefault"] == "ink-qwen/qwen3"
        assert [provider["provider"] for provider in models["auth"]["providers"]] == ["ink-qwen"]
        eligible = {skill["name"] for skill in asked(site, now, "skills", "list")["skills"] if skill["eligible"]}
        assert {skill.name for skill in SkillCatalogue.load()} <= eligible
        stop(alice, now["session_id"])
