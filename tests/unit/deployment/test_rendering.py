"""A rendered deployment: the files, what is in them and what is not, and a second site by its answers alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from deploy.render.layers import choose, shipped
from deploy.render.model import Deployment
from deploy.render.output import render
from deploy.render.reference import reference
from ink_core.settings import load_settings

ROOT = Path(__file__).parents[3]
EXTERNAL = """
profile: external
settings:
  clusters:
    - {name: pool, type: htcondor, schedd: schedd.example.org, collector: cm.example.org}
"""
SITE = """
site: {name: lzu, host: ink.lzu.example, apps_host: apps.ink.lzu.example}
network: {subnet: 10.89.43.0/28, https_port: 8443, http_port: null}
accounts: {administrators: [li], users: [wang]}
secret_files: {llm: /root/llm.key}
settings:
  models:
    - {name: local, base_url: "http://llm.example/v1", model: m, trust: site, api_key_file: /run/secrets/ink/llm}
"""


def rendered(folder: Path, text: str = SITE, profile: str | None = None, name: str = "out") -> Path:
    answers = folder / f"{name}.yaml"
    answers.write_text(text, encoding="utf-8")
    render(choose(profile, answers=answers), folder / name)
    return folder / name


def compose_of(folder: Path) -> dict[str, Any]:
    return cast(dict[str, Any], yaml.safe_load((folder / "compose.yaml").read_text("utf-8")))


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}


def run(*argv: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, argv)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.requirement("DEPLOY-ONE-04")
@pytest.mark.parametrize(
    "command", [["deploy/render_profile.py"], ["-m", "manager", "deploy", "render"]], ids=["script", "ink"]
)
def test_a_deployment_is_rendered_without_asking(tmp_path: Path, command: list[str]) -> None:
    before = contents(rendered(tmp_path))
    answers, output = tmp_path / "out.yaml", tmp_path / "by-command"
    done = run(*command, "--profile", "single-host", "--answers-file", answers, "--output-dir", output)
    assert done.returncode == 0, done.stderr
    assert contents(output) == before
    assert os.access(output / "stack", os.X_OK)


@pytest.mark.requirement("DEPLOY-ONE-04")
def test_a_mistake_ends_it_with_an_error_and_nothing_is_written(tmp_path: Path) -> None:
    answers = tmp_path / "site.yaml"
    answers.write_text("site: {hots: x}\n", encoding="utf-8")
    done = run("deploy/render_profile.py", "--answers-file", answers, "--output-dir", tmp_path / "out")
    assert done.returncode == 1
    assert "site.yaml:1: site.hots: unknown key" in done.stderr.replace("\n", "")
    assert not (tmp_path / "out").exists()


@pytest.mark.requirement("DEPLOY-ONE-04")
@pytest.mark.parametrize("profile", shipped("profiles"))
def test_the_manager_takes_the_settings_of_every_profile(tmp_path: Path, profile: str) -> None:
    text = EXTERNAL if profile == "external" else SITE
    settings = load_settings(overlay=rendered(tmp_path, text, profile) / "ink.yaml", environment={})
    assert settings.spawner.kind == "socket"
    assert settings.public_url.startswith("https://")
    assert settings.server.trusted_proxies != ()


@pytest.mark.requirement("DEPLOY-ONE-04")
def test_rendering_again_gives_the_same_bytes_and_leaves_what_init_made(tmp_path: Path) -> None:
    folder = rendered(tmp_path)
    key = folder / "secrets" / "manager" / "ssh_ca"
    key.write_text("made by init", encoding="utf-8")
    before = contents(folder)
    rendered(tmp_path)
    assert contents(folder) == before


@pytest.mark.requirement("DEPLOY-ONE-03")
def test_no_secret_is_rendered_and_version_control_sees_no_folder_that_gets_one(tmp_path: Path) -> None:
    folder = rendered(tmp_path)
    assert not any((folder / "secrets").rglob("*.*"))
    assert [path for path in (folder / "secrets").rglob("*") if path.is_file()] == []
    assert (folder / ".gitignore").read_text("utf-8").split() == ["/secrets/", "/accounts/"]
    for text in contents(folder).values():
        assert "PRIVATE KEY" not in text


def test_the_manager_finds_the_node_of_the_pool_by_the_name_that_its_jobs_tell(tmp_path: Path) -> None:
    folder = rendered(tmp_path)
    domain = re.search(r"^DEFAULT_DOMAIN_NAME = (.+)$", (folder / "condor/pool.conf").read_text("utf-8"), re.MULTILINE)
    assert domain

    services = compose_of(folder)["services"]

    pool = services["condor"]
    address = pool["networks"]["inside"]["ipv4_address"]
    assert f"{pool['hostname']}.{domain[1]}:{address}" in services["manager"]["extra_hosts"]


@pytest.mark.requirement("DEPLOY-ONE-02")
@pytest.mark.parametrize("profile", ["single-host", "course"])
def test_every_service_is_a_container_of_one_image_with_a_bounded_share(tmp_path: Path, profile: str) -> None:
    compose = compose_of(rendered(tmp_path, profile=profile))
    assert {"init", "manager", "spawner", "nginx", "condor"} <= compose["services"].keys()
    for name, service in compose["services"].items():
        assert service["image"] == "localhost/ink-harness:latest"
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges"], name
        assert service["read_only"] is True, name
        assert service["logging"]["options"] == {"max-size": "10m"}, name
        assert "privileged" not in service, name
        assert service["restart"] == ("no" if name == "init" else "always")


@pytest.mark.requirement("DEPLOY-ONE-02")
def test_only_those_are_root_who_become_others(tmp_path: Path) -> None:
    services = compose_of(rendered(tmp_path))["services"]
    root = {name for name, service in services.items() if service["user"].startswith("0")}
    assert root == {"init", "spawner", "condor"}
    assert {name for name, service in services.items() if service.get("cap_add")} == root
    assert services["init"]["network_mode"] == "none"


@pytest.mark.requirement("DEPLOY-ONE-02")
def test_a_service_sees_its_own_secrets_and_no_others(tmp_path: Path) -> None:
    services = compose_of(rendered(tmp_path))["services"]
    for name, service in services.items():
        folders = {mount.split(":")[0] for mount in service["volumes"] if mount.startswith("./secrets/")}
        assert len(folders) <= 1, name
        if name != "init":
            assert all(mount.endswith(":ro") for mount in service["volumes"] if mount.startswith("./")), name


@pytest.mark.requirement("DEPLOY-ONE-02")
def test_only_nginx_is_reached_from_outside(tmp_path: Path) -> None:
    services = compose_of(rendered(tmp_path))["services"]
    assert {name for name, service in services.items() if "ports" in service} == {"nginx"}
    assert services["nginx"]["ports"] == ["0.0.0.0:8443:8443"]


@pytest.mark.requirement("DEPLOY-ONE-07")
def test_a_second_site_differs_in_what_its_answers_say_and_shares_nothing_on_the_host(tmp_path: Path) -> None:
    first, second = rendered(tmp_path, "{}\n", name="first"), rendered(tmp_path, SITE, name="second")
    ours, theirs = compose_of(first), compose_of(second)
    assert ours["name"] != theirs["name"]
    used = [{service["container_name"] for service in compose["services"].values()} for compose in (ours, theirs)]
    assert used[0].isdisjoint(used[1])
    networks = [IPv4Network(c["networks"]["inside"]["ipam"]["config"][0]["subnet"]) for c in (ours, theirs)]
    assert not networks[0].overlaps(networks[1])
    settings = load_settings(overlay=second / "ink.yaml", environment={})
    assert settings.public_url == "https://ink.lzu.example:8443"
    assert [model.name for model in settings.models] == ["local"]
    assert [account.username for account in settings.sign_in.first_accounts if account.is_admin] == ["li"]
    assert IPv4Address(settings.server.trusted_proxies[0]) in networks[1]


@pytest.mark.requirement("DEPLOY-ONE-07")
def test_a_site_with_a_pool_of_its_own_gets_no_scheduler(tmp_path: Path) -> None:
    folder = rendered(tmp_path, EXTERNAL)
    assert "condor" not in compose_of(folder)["services"]
    assert load_settings(overlay=folder / "ink.yaml", environment={}).agents.default_cluster == "pool"


def test_every_key_of_a_deployment_says_what_it_means() -> None:
    def undocumented(model: Any) -> list[str]:
        found = list[str]()
        for name, field in model.model_fields.items():
            if not field.description and not hasattr(field.annotation, "model_fields"):
                found.append(name)
        return found

    assert undocumented(Deployment) == []


def test_the_reference_page_is_the_one_that_the_code_makes() -> None:
    page = (ROOT / "docs" / "reference" / "deployment.md").read_text("utf-8")
    assert page == reference(), "run python -m deploy.render.reference"
