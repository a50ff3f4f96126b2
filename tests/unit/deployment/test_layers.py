"""Layers of a deployment: deep merge with the origin of each value, and errors that say where the mistake stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.render.layers import Chosen, choose, shipped
from deploy.render.settings import manager_settings
from deploy.render.show import shown
from deploy.render.yaml_layer import BadDeployment, parse_layer
from ink_core.settings.merging import KeyPath, Merged, Tree

KEYS = st.sampled_from("abc")
TREES: st.SearchStrategy[Tree] = st.recursive(
    st.dictionaries(KEYS, st.none() | st.integers(0, 3) | st.lists(st.integers(0, 3), max_size=2), max_size=3),
    lambda inner: st.dictionaries(KEYS, inner | st.integers(0, 3), max_size=3),
    max_leaves=8,
)


def answers(folder: Path, text: str) -> Path:
    file = folder / "site.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def chosen(folder: Path, text: str) -> Chosen:
    return choose(answers=answers(folder, text))


def merged(*layers: Tree) -> Merged:
    result = Merged()
    for number, layer in enumerate(layers):
        result.add(layer, str(number))
    return result


def leaves(tree: Tree, at: KeyPath = ()) -> dict[KeyPath, Any]:
    found: dict[KeyPath, Any] = {}
    for key, value in tree.items():
        found |= leaves(value, (*at, key)) if isinstance(value, dict) and value else {(*at, key): value}
    return found


@pytest.mark.requirement("DEPLOY-ONE-05")
@given(TREES, TREES)
def test_the_later_layer_wins_and_loses_nothing_of_its_own(first: Tree, second: Tree) -> None:
    result = leaves(merged(first, second).tree)
    lost = {path: value for path, value in leaves(second).items() if result.get(path, value) != value}
    assert lost == {path: value for path, value in lost.items() if value == {}}  # an empty section replaces nothing
    assert {path for path, value in leaves(second).items() if value != {}} <= result.keys()


@pytest.mark.requirement("DEPLOY-ONE-05")
@given(TREES, TREES)
def test_the_origin_of_each_value_is_the_last_layer_that_set_it(first: Tree, second: Tree) -> None:
    result = merged(first, second)
    for path, value in leaves(result.tree).items():
        if value == {}:
            continue
        own = leaves(second)
        assert result.source_of(path) == ("1" if path in own else "0")


@pytest.mark.requirement("DEPLOY-ONE-05")
@given(TREES, TREES)
def test_merging_changes_no_layer_and_a_layer_twice_is_a_layer_once(first: Tree, second: Tree) -> None:
    before = repr((first, second))
    once, twice = merged(first, second), merged(first, second, second)
    assert once.tree == twice.tree
    assert repr((first, second)) == before


@pytest.mark.requirement("DEPLOY-ONE-05")
def test_every_value_is_shown_with_file_and_line_of_its_layer(tmp_path: Path) -> None:
    file = answers(tmp_path, "extras: [xrootd]\nsite:\n  host: ink.example.org\n")
    lines = shown(choose("course", answers=file).merged).splitlines()
    assert f'  host: "ink.example.org"  # {file}:3' in lines
    assert any(line.startswith('  sss: [{"name": "xrootd"') and "  # extras/xrootd.yaml:" in line for line in lines)
    assert any(line.startswith('database: "sqlite"  # profiles/course.yaml:') for line in lines)
    assert any(line.startswith('  name: "ink"  # profiles/base.yaml:') for line in lines)


@pytest.mark.requirement("DEPLOY-ONE-05")
def test_what_is_shown_is_the_deployment_itself(tmp_path: Path) -> None:
    one = chosen(tmp_path, 'settings: {budgets: {"user": {tokens: 5}}}\nsecret_files: {llm: /root/llm.key}\n')
    assert parse_layer(shown(one.merged), "shown").tree == one.merged.tree


@pytest.mark.requirement("DEPLOY-ONE-05")
def test_lists_are_replaced_as_a_whole(tmp_path: Path) -> None:
    one = chosen(tmp_path, "accounts: {administrators: [alice, bob]}\n")
    assert one.deployment.accounts.administrators == ("alice", "bob")
    assert one.deployment.accounts.first_uid == 20000


def test_nobody_of_the_site_is_named_like_those_who_go_with_a_course(tmp_path: Path) -> None:
    with pytest.raises(BadDeployment, match="student7 would end with the course"):
        chosen(tmp_path, "profile: course\naccounts: {users: [alice, student7]}\n")


@pytest.mark.requirement("DEPLOY-ONE-05")
@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("site:\n  host: ink.example.org\n  nmae: x\n", 3, "site.nmae: unknown key"),
        ("site:\n  host: a\ntls: yes\n", 3, "tls: "),
        ("database:\n  kind: sqlite\n", 2, "database: "),
        ("network:\n  https_port: many\n", 2, "network.https_port: "),
        ("network: {subnet: 8.8.8.0/24}\n", 1, "a private network"),
        ("site:\n  host: a\n\n  host: b\n", 4, "site.host stands twice"),
        ("site: &s {host: a}\nother: *s\n", 1, "an alias"),
        ("site:\n  host: [\n", 3, "this is not YAML"),
        ("1: 2\n", 1, "a key must be a text"),
        ("extras: xrootd\n", 1, "extras: a list of names is wanted"),
        ("tls:\n  kind: files\n", 2, "needs tls.certificate"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_key(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(BadDeployment) as told:
        chosen(tmp_path, text)
    assert f"{tmp_path}/site.yaml:{line}: " in str(told.value)
    assert says in str(told.value)


@pytest.mark.requirement("DEPLOY-ONE-05")
@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("settings:\n  budgtes: {}\n", 2, "budgtes: unknown key"),
        ("settings:\n  server:\n    port: none\n", 3, "server.port: "),
        ("settings:\n  models:\n  - {name: x}\n", 2, "models.0.base_url: "),
    ],
)
def test_so_is_one_in_the_settings_of_the_manager(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(BadDeployment) as told:
        manager_settings(chosen(tmp_path, text))
    assert f"{tmp_path}/site.yaml:{line}: {says}" in str(told.value)


@pytest.mark.requirement("DEPLOY-ONE-04")
def test_a_profile_or_an_extra_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(BadDeployment, match="choose one of course, external, single-host"):
        choose("sinlge-host")
    with pytest.raises(BadDeployment, match="choose one of sqlite, xrootd"):
        choose(extras=["etc"])
    with pytest.raises(BadDeployment, match="cannot be read"):
        choose(extras=[str(tmp_path / "none.yaml")])


@pytest.mark.requirement("DEPLOY-ONE-05")
def test_extras_of_the_site_come_before_its_answers(tmp_path: Path) -> None:
    extra = tmp_path / "extra.yaml"
    extra.write_text("network: {https_port: 8443, http_port: 8080}\n", encoding="utf-8")
    one = choose(extras=[str(extra)], answers=answers(tmp_path, "network: {https_port: 9443}\n"))
    assert (one.deployment.network.https_port, one.deployment.network.http_port) == (9443, 8080)
    assert one.merged.source_of(("network", "http_port")) == f"{extra}:1"


@pytest.mark.requirement("DEPLOY-ONE-04")
@pytest.mark.parametrize("extra", shipped("extras"))
def test_every_shipped_extra_fits_the_default_profile(extra: str) -> None:
    assert manager_settings(choose(extras=[extra]))["data_dir"] == "/var/lib/ink"
