"""Commands beside a manager know where it is, whatever its port; one that stops says what goes on."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from ink_core.settings import load_settings
from manager.__main__ import app
from manager.announce import farewell
from manager.data_directory import address_of, write_address


def test_a_link_leads_to_the_manager_that_started_last_on_the_directory(tmp_path: Path) -> None:
    environment = {"INK_DATA_DIR": str(tmp_path)}
    for address in ("http://127.0.0.1:9000", "http://127.0.0.1:9001"):
        write_address(tmp_path, address)
        CliRunner().invoke(app, ["user", "add", "carol"], env=environment)
        made = CliRunner().invoke(app, ["user", "link", "carol"], env=environment)
        assert made.output.startswith(f"{address}/sign-in?code="), made.output


def test_without_a_manager_that_ever_started_the_settings_say_where_it_will_be(tmp_path: Path) -> None:
    settings = load_settings(
        profile="embedded", environment={"INK_DATA_DIR": str(tmp_path / "none"), "INK_SERVER__PORT": "9000"}
    )
    assert address_of(settings) == "http://127.0.0.1:9000"


def test_a_manager_that_stops_says_what_goes_on_and_where_all_is_kept(tmp_path: Path) -> None:
    environment = {"INK_DATA_DIR": str(tmp_path), "INK_AGENTS__IDLE_TIMEOUT_S": "60"}
    said = farewell(load_settings(profile="embedded", environment=environment))
    for part in ("jobs go on", "called them for 60 s", str(tmp_path)):
        assert part in said
