"""The configuration of nginx is made of typed values, and holds no secret that others could read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.nginx.render import KEY_CONF, Site, render
from ink_core.apps.entry import proxy_key

ROOT = Path(__file__).parents[2]
KEY = b"k" * 32


def site(**changed: Any) -> Site:
    told: dict[str, Any] = {
        "portal_listen": "127.0.0.1:8080",
        "apps_listen": "[::1]:8081",
        "manager": "127.0.0.1:8420",
        "portal_url": "https://ink.example",
        "apps_url": "https://ink-apps.example:8443",
        "state_dir": "/var/lib/nginx",
    }
    return Site(**{**told, **changed})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("portal_listen", "127.0.0.1:8080; return 200"),
        ("portal_listen", "localhost:8080"),
        ("apps_listen", "127.0.0.1:0"),
        ("apps_listen", "127.0.0.1:65536"),
        ("manager", "unix:/run/x; return 200"),
        ("manager", "unix:run/x"),
        ("manager", "http://127.0.0.1:8420"),
        ("manager", "999.0.0.1:80"),
        ("portal_url", "https://ink.example/"),
        ("portal_url", 'https://ink.example"; x'),
        ("apps_url", "https://INK.example"),
        ("apps_url", "https://ink.example"),
        ("apps_url", "ftp://apps.example"),
        ("state_dir", "relative"),
        ("state_dir", "/var/lib/nginx; x"),
        ("user", "root; x"),
        ("certificate", "/etc/ssl/ink.pem"),
        ("certificate_key", "/etc/ssl/ink.key"),
        ("plain_listen", "127.0.0.1:80"),
        ("stapling_resolver", "127.0.0.53:53"),
    ],
)
def test_a_value_that_is_not_what_it_should_be_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"is wanted"):
        site(**{name: value})


TLS = {"certificate": "/etc/ssl/ink.pem", "certificate_key": "/etc/ssl/ink.key"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("certificate", "relative.pem"),
        ("certificate_key", "/etc/ssl/ink.key; x"),
        ("certificate_key", None),
        ("portal_url", "http://ink.example"),
        ("apps_url", "http://ink-apps.example"),
        ("plain_listen", "80"),
        ("stapling_resolver", "resolver.example"),
    ],
)
def test_with_a_certificate_everything_is_about_tls(name: str, value: str | None) -> None:
    with pytest.raises(ValueError, match=rf"{name}: .* is wanted"):
        site(**{**TLS, name: value})


def test_what_was_rendered_for_tls_goes_when_tls_goes(tmp_path: Path) -> None:
    render(site(**TLS, plain_listen="0.0.0.0:80", stapling_resolver="127.0.0.53:53"), KEY, tmp_path)
    shown = "".join(file.read_text() for file in tmp_path.glob("*.conf"))
    assert "@@" not in shown
    assert "ssl_stapling on;" in shown and "resolver 127.0.0.53:53;" in shown
    assert {file.name for file in tmp_path.glob("ink-*")} == {
        "ink-key.conf", "ink-plain.conf", "ink-strangers.conf", "ink-tls.conf"
    }  # fmt: skip
    render(site(), KEY, tmp_path)
    assert {file.name for file in tmp_path.glob("ink-*")} == {"ink-key.conf"}
    assert "ssl" not in (tmp_path / "ink.conf").read_text()


def test_no_place_stays_empty_and_the_key_is_in_a_file_of_its_own(tmp_path: Path) -> None:
    render(site(user="www-data"), KEY, tmp_path)
    shown = (tmp_path / "ink.conf").read_text() + (tmp_path / "nginx.conf").read_text()
    assert "@@" not in shown
    assert "user www-data;" in shown
    assert proxy_key(KEY) not in shown
    assert proxy_key(KEY) in (tmp_path / KEY_CONF).read_text()
    assert (tmp_path / KEY_CONF).stat().st_mode & 0o777 == 0o600


def test_rendering_again_gives_the_same(tmp_path: Path) -> None:
    made: list[dict[str, bytes]] = []
    for _ in range(2):
        render(site(), KEY, tmp_path)
        made.append({file.name: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()})
    assert made[0] == made[1]


def test_the_command_renders_with_the_key_of_the_manager_and_says_what_is_wrong(tmp_path: Path) -> None:
    def run(apps_url: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, ROOT / "deploy/nginx/render.py", "--data-dir", tmp_path / "data"]
        urls = ["--portal-url", "https://ink.example", "--apps-url", apps_url]
        return subprocess.run(
            [*argv, *urls, "--output-dir", tmp_path / "conf"], capture_output=True, text=True, timeout=60, check=False
        )

    assert run("https://apps.example").returncode == 0
    key = (tmp_path / "data" / "proxy.key").read_bytes()
    assert proxy_key(key) in (tmp_path / "conf" / KEY_CONF).read_text()
    refused = run("https://ink.example")
    assert (refused.returncode, refused.stderr) == (
        1,
        "render.py: apps_url: another address than the portal's is wanted\n",
    )
