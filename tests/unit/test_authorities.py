"""The file of a site's own authorities is read whole, or is an error that names it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ink_core.settings import SettingsError, load_settings
from ink_core.settings.authorities import MAX_BYTES, manager_authorities
from ink_core.spawner.__main__ import MAX_REQUEST_BYTES
from tests.certificates import Authority


def authorities(file: Path, data: Path) -> str | None:
    settings = load_settings(environment={"INK_DATA_DIR": str(data), "INK_AGENTS__CA_FILE": str(file)})
    return manager_authorities(settings.agents)


def test_the_authorities_are_those_of_the_file(tmp_path: Path) -> None:
    file = Authority(tmp_path).file
    assert authorities(file, tmp_path) == file.read_text()
    assert manager_authorities(load_settings(environment={"INK_DATA_DIR": str(tmp_path)}).agents) is None


def test_more_than_travels_with_an_agent_is_refused_and_what_is_taken_fits_the_spawner(tmp_path: Path) -> None:
    pem, file = Authority(tmp_path).file.read_text(), tmp_path / "bundle.pem"
    file.write_text(pem * (MAX_BYTES // len(pem)))
    assert len(json.dumps(authorities(file, tmp_path))) < MAX_REQUEST_BYTES // 2 + 4096
    file.write_text(pem * (MAX_BYTES // len(pem) + 1))
    with pytest.raises(SettingsError, match="is larger than 32 KiB"):
        authorities(file, tmp_path)


@pytest.mark.parametrize("text", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"])
def test_a_file_without_certificates_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "ca.pem"
    file.write_text(text)
    with pytest.raises(SettingsError, match=r"agents\.ca_file"):
        authorities(file, tmp_path)
    with pytest.raises(SettingsError, match=r"agents\.ca_file"):
        authorities(tmp_path / "missing.pem", tmp_path)
