"""Apps are folders with manifests: checked at the start, each broken one named, the rest there."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ink_core.apps.catalogue import AppNotFound, load_apps
from ink_core.apps.manifest import Manifest, put
from ink_core.compute.local.capacity import Capacity
from tests.unit.apps.app_world import MANIFEST

SHIPPED = ["code", "enode", "jupyter", "openclaw", "rootbrowse", "vnc"]


def app(site: Path, name: str, text: str = MANIFEST, script: str | None = "#!/bin/sh\n") -> None:
    (site / name).mkdir(parents=True)
    (site / name / "manifest.yaml").write_text(text)
    if script:
        (site / name / "start.sh").write_text(script)


def changed(**fields: object) -> str:
    return yaml.safe_dump(yaml.safe_load(MANIFEST) | fields)


def test_the_shipped_apps_are_there_in_two_languages() -> None:
    catalogue = load_apps(None)
    assert [each.name for each in catalogue] == SHIPPED
    assert catalogue.broken == {}
    assert all(each.manifest.title.zh and each.manifest.description.zh for each in catalogue)


def test_every_shipped_app_starts_on_a_machine_of_4_gb_when_nobody_says_how_much_it_needs() -> None:
    """Such a machine has less than 4,096 MB, and the embedded scheduler refuses what it can never give."""
    machine = Capacity(cpus=4, memory_mb=3584)
    asked = {each.name: each.manifest.resources for each in load_apps(None)}
    assert {
        name: machine.lack(Capacity(of.cpus.default, of.memory_mb.default)) for name, of in asked.items()
    } == dict.fromkeys(SHIPPED)


def test_a_site_adds_an_app_and_replaces_a_shipped_one(tmp_path: Path) -> None:
    app(tmp_path, "own")
    app(tmp_path, "jupyter", changed(title={"en": "Our Jupyter", "zh": "Jupyter"}))
    catalogue = load_apps(tmp_path)
    assert catalogue.get("own").files == {"start.sh": b"#!/bin/sh\n"}
    assert catalogue.get("jupyter").manifest.title.en == "Our Jupyter"
    assert len(list(catalogue)) == len(SHIPPED) + 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no YAML"),
        ("[]", "wrong"),
        (changed(comand=["x"]), "comand: Extra inputs"),
        (changed(version=2), "version"),
        (changed(command=[]), "command"),
        (changed(command=["x", "{sokcet}"]), "names sokcet; there are app_port, base_path, folder, home, socket"),
        (changed(files=["../../etc/passwd"]), "files.0"),
        (changed(environment={"A B": "x"}), "environment"),
        (changed(command=["x\ny"]), "command.0"),
        (changed(ready_path="/../x y"), "ready_path"),
        (changed(listens="port"), "needs sign_in"),
        (
            changed(
                resources={
                    "cpus": {"default": 9, "least": 1, "most": 2},
                    "memory_mb": {"default": 1, "least": 1, "most": 1},
                    "wall_time_s": {"default": 1, "least": 1, "most": 1},
                }
            ),
            "least, default and most",
        ),
    ],
)
def test_a_broken_manifest_is_named_with_its_reason_and_the_rest_is_there(tmp_path: Path, text: str, said: str) -> None:
    app(tmp_path, "broken", text)
    app(tmp_path, "good")
    catalogue = load_apps(tmp_path)
    assert said in catalogue.broken[str(tmp_path / "broken")]
    assert catalogue.get("good") and catalogue.get("jupyter")
    with pytest.raises(AppNotFound):
        catalogue.get("broken")


def test_a_missing_file_a_bad_name_and_a_missing_folder_are_named(tmp_path: Path) -> None:
    app(tmp_path, "nothing-to-run", script=None)
    app(tmp_path, "Bad Name")
    broken = load_apps(tmp_path).broken
    assert "start.sh cannot be read" in broken[str(tmp_path / "nothing-to-run")]
    assert "small letters" in broken[str(tmp_path / "Bad Name")]
    assert "cannot be listed" in load_apps(tmp_path / "none").broken[str(tmp_path / "none")]


def test_a_sites_broken_app_does_not_bring_the_shipped_one_back(tmp_path: Path) -> None:
    app(tmp_path, "jupyter", "{")
    with pytest.raises(AppNotFound):
        load_apps(tmp_path).get("jupyter")


def test_what_a_user_gives_is_not_looked_through_for_places_to_fill() -> None:
    assert put("{file} {other}", {"file": "/{home}", "home": "/root"}) == "/{home} {other}"


def test_a_command_is_an_argv_and_no_app_has_its_secret_in_it() -> None:
    for each in load_apps(None):
        assert isinstance(each.manifest, Manifest)
        assert not any("sign_in" in word or "secret" in word.lower() for word in each.manifest.command)
