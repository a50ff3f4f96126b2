"""Settings: layers, origins, closedness, and secrets that stay out of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from ink_core.settings import ModelSettings, Settings, SettingsError, load_settings
from ink_core.settings.reference import reference
from ink_core.settings.secrets import forget_keys, model_api_key, read_secret_file

NOTHING: dict[str, str] = {"HOME": "/home/somebody"}


def overlay(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "site.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("profile", ["embedded", "dev"])
def test_every_shipped_profile_loads(profile: str) -> None:
    assert load_settings(profile=profile, environment=NOTHING).sign_in.one_time_link


def test_the_default_needs_no_cluster_and_listens_on_this_machine_only() -> None:
    settings = load_settings(environment={"XDG_DATA_HOME": "/data"})
    assert [cluster.type for cluster in settings.clusters] == ["local"]
    assert (settings.server.host, settings.spawner.kind) == ("127.0.0.1", "direct")
    assert settings.database.url == "sqlite:////data/ink-harness/ink.db"
    assert settings.workspace_of("alice") == "/data/ink-harness/home/alice"
    assert settings.worker_url == "ws://127.0.0.1:8420/agents/connect"


@pytest.mark.parametrize(
    ("host", "url"),
    [("0.0.0.0", "http://127.0.0.1:8420"), ("::", "http://[::1]:8420"), ("ink.example", "http://ink.example:8420")],
)
def test_without_a_public_address_browsers_get_one_that_they_can_reach(host: str, url: str) -> None:
    settings = load_settings(environment={**NOTHING, "INK_SERVER__HOST": f"'{host}'"})
    assert settings.public_url == url


@pytest.mark.requirement("CORE-PLUGIN-01")
def test_plugins_are_named_under_our_key_or_inks_own(tmp_path: Path) -> None:
    text = "plugins: {packages: [lab.ink, herd]}\nunified_plugins: {packages: [herd, ink_plugin_template]}"
    settings = load_settings(overlay=overlay(tmp_path, text), environment=NOTHING)
    assert settings.plugin_packages == ("lab.ink", "herd", "ink_plugin_template")
    with pytest.raises(SettingsError, match=r"site\.yaml: unified_plugins\.packages\.0"):
        load_settings(overlay=overlay(tmp_path, "unified_plugins: {packages: [../evil]}"), environment=NOTHING)


@pytest.mark.requirement("CORE-CONFIG-01")
def test_later_layers_win_key_by_key(tmp_path: Path) -> None:
    extra = tmp_path / "extra.yaml"
    extra.write_text("agents: {cpus: 2, memory_mb: 1000}")
    settings = load_settings(
        profile="dev",
        extras=[extra],
        overlay=overlay(tmp_path, "agents: {memory_mb: 2000}\nserver: {port: 1}"),
        environment={**NOTHING, "INK_SERVER__PORT": "9000", "INK_DATA_DIR": "/var/lib/ink"},
    )
    assert (settings.agents.cpus, settings.agents.memory_mb, settings.server.port) == (2, 2000, 9000)
    assert settings.agents.workspace == "/scratch/{user}", "what no later layer names stays"
    assert settings.database.url == "sqlite:////var/lib/ink/ink.db"


def test_a_list_is_replaced_as_a_whole(tmp_path: Path) -> None:
    text = "clusters: [{name: farm, type: slurm}]\nagents: {default_cluster: farm}"
    settings = load_settings(profile="dev", overlay=overlay(tmp_path, text), environment=NOTHING)
    assert [cluster.name for cluster in settings.clusters] == ["farm"]


@pytest.mark.requirement("CORE-CONFIG-01")
@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("server: {prot: 1}", "server.prot: unknown key"),
        ("srever: {port: 1}", "srever: unknown key"),
        ("server: {port: many}", "server.port: "),
        ("server: {port: 70000}", "server.port: "),
        ("agents: {workspace: '/w/{user.name}'}", "agents.workspace: a path template knows"),
        ("agents: {default_cluster: moon}", "agents.default_cluster is 'moon'"),
        ("models: [{name: a, base_url: 'http://x', model: m, trust: site, api_key: k}]", "models.0.api_key: unknown"),
        ("clusters: [{name: a, type: pbs}]", "clusters.0: "),
        ("clusters: [{name: a, type: slurm}, {name: a, type: slurm}]", "two clusters have the same name"),
    ],
)
def test_a_wrong_key_or_value_is_refused_with_its_file_and_path(tmp_path: Path, text: str, key: str) -> None:
    path = overlay(tmp_path, text)
    with pytest.raises(SettingsError) as refused:
        load_settings(overlay=path, environment=NOTHING)
    assert key in str(refused.value)
    assert str(path) in str(refused.value) or "configuration:" in str(refused.value)


def test_a_wrong_variable_of_the_environment_is_named() -> None:
    with pytest.raises(SettingsError, match=r"INK_SERVER__PROT: server\.prot: unknown key"):
        load_settings(environment={**NOTHING, "INK_SERVER__PROT": "1"})


def test_variables_of_others_are_let_be() -> None:
    load_settings(environment={**NOTHING, "INK_JOB_ID": "7", "INKSCAPE__X": "1"})


@pytest.mark.parametrize(
    ("text", "what"),
    [("- a list", "mapping"), ("a: [", "is not YAML"), ("data_dir: ${NOWHERE}", "NOWHERE is not set")],
)
def test_a_file_that_is_no_configuration_is_refused(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(SettingsError, match=what):
        load_settings(overlay=overlay(tmp_path, text), environment=NOTHING)


def test_a_missing_file_or_profile_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"site\.yaml cannot be read"):
        load_settings(overlay=tmp_path / "site.yaml", environment=NOTHING)
    with pytest.raises(SettingsError, match="choose one of base, dev, embedded"):
        load_settings(profile="../../etc/passwd", environment=NOTHING)


def test_every_setting_is_documented_by_its_own_field() -> None:
    assert list(undocumented(Settings)) == []


def undocumented(section: type[BaseModel]) -> list[str]:
    names: list[str] = []
    for name, field in section.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            names += [f"{name}.{below}" for below in undocumented(field.annotation)]
        elif not field.description:
            names.append(name)
    return names


def model(**changes: object) -> ModelSettings:
    given = {"name": "m", "base_url": "http://x/v1", "model": "m", "trust": "site"}
    return ModelSettings.model_validate({**given, **changes})


def test_a_key_comes_from_a_private_file_or_a_named_variable(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("hunter2\n")
    file.chmod(0o600)
    assert model_api_key(model(api_key_file=file)) == "hunter2"
    assert model_api_key(model(api_key_env="KEY"), {"KEY": "hunter3"}) == "hunter3"
    assert model_api_key(model()) is None


def test_a_secret_that_others_could_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("hunter2")
    file.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600") as refused:
        read_secret_file(file)
    assert "hunter2" not in str(refused.value)


def test_a_missing_key_is_named_and_two_sources_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="KEY is not set"):
        model_api_key(model(api_key_env="KEY"), {})
    with pytest.raises(SettingsError, match="cannot be read"):
        read_secret_file(tmp_path / "none")
    with pytest.raises(ValueError, match="not both"):
        model(api_key_env="KEY", api_key_file="/x")


@pytest.mark.requirement("AGENT-PROVIDER-03")
def test_keys_that_were_read_are_taken_out_of_the_environment_that_children_inherit() -> None:
    environment = {"KEY": "hunter3", "PATH": "/bin"}
    forget_keys([model(api_key_env="KEY"), model(), model(api_key_env="KEY")], environment=environment)
    assert environment == {"PATH": "/bin"}


def test_a_refused_value_is_not_repeated(tmp_path: Path) -> None:
    path = overlay(tmp_path, yaml.safe_dump({"models": [{"api_key_file": {"oops": "hunter2"}}]}))
    with pytest.raises(SettingsError) as refused:
        load_settings(overlay=path, environment=NOTHING)
    assert "hunter2" not in str(refused.value)


def test_the_reference_page_is_the_one_that_the_code_makes() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"
    assert page.read_text("utf-8") == reference(), "run python -m ink_core.settings.reference"
