"""Renders the configuration of nginx before the manager and before apps. Run it from the root of the checkout:

    .venv/bin/python deploy/nginx/render.py --data-dir … --portal-url … --apps-url … --output-dir …

Every value has a type, and is refused when it does not fit: no text gets into the configuration as it was typed. The
key by which the manager knows nginx goes into a file of its own (mode 0600). With a certificate (`--certificate`, for
the names of both addresses) nginx ends TLS; without one it speaks plain HTTP, for a machine of one's own or behind
another that ends TLS. Limits: certificates are made and renewed by others; nodes are spoken to without TLS.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from ink_core.apps.app_path import PLACE, named_place  # noqa: E402 - the checkout is found first
from ink_core.apps.entry import KEY_FILE, proxy_key  # noqa: E402
from ink_core.key_file import secret_key  # noqa: E402

URL = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?")
PATH = re.compile(r"/[A-Za-z0-9/._-]+")
ACCOUNT = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
FILES = ("nginx.conf", "ink.conf")
TLS_FILES = ("tls", "plain", "strangers")
"""Rendered as ink-NAME.conf; `plain` only where somebody listens there."""
KEY_CONF = "ink-key.conf"


class _Template(Template):
    """`@@{name}`, since nginx has a meaning for the dollar."""

    delimiter = "@@"


@dataclass(frozen=True)
class Site:
    """`user` is the account of nginx's workers, where nginx is started as root; none means its default.

    `certificate` (PEM, with its chain) and its key are paths on nginx's machine. Without TLS `plain_listen` only leads
    to it; `stapling_resolver` is the name server by which nginx finds the authority's OCSP responder.
    """

    portal_listen: str
    apps_listen: str
    manager: str
    portal_url: str
    apps_url: str
    state_dir: str
    user: str | None = None
    certificate: str | None = None
    certificate_key: str | None = None
    plain_listen: str | None = None
    stapling_resolver: str | None = None

    def __post_init__(self) -> None:
        for name in ("portal_listen", "apps_listen"):
            _check(_is_endpoint(getattr(self, name)), name, "ADDRESS:PORT")
        _check(_is_endpoint(self.manager) or _is_socket(self.manager), "manager", "ADDRESS:PORT or unix:/PATH")
        for name in ("portal_url", "apps_url"):
            _check(bool(URL.fullmatch(getattr(self, name))), name, "http(s)://HOST[:PORT], in small letters")
        _check(self.portal_url != self.apps_url, "apps_url", "another address than the portal's")
        _check(bool(PATH.fullmatch(self.state_dir)), "state_dir", "an absolute path of letters, digits and ._-")
        _check(self.user is None or bool(ACCOUNT.fullmatch(self.user)), "user", "the name of an account")
        self._check_tls()

    def _check_tls(self) -> None:
        files = {"certificate": self.certificate, "certificate_key": self.certificate_key}
        if not self.certificate:
            told = {**files, "plain_listen": self.plain_listen, "stapling_resolver": self.stapling_resolver}
            given = [name for name, value in told.items() if value]
            _check(not given, given[0] if given else "", "with a certificate, or not at all: nothing of it")
            return
        for name, value in files.items():
            _check(bool(value and PATH.fullmatch(value)), name, "an absolute path of letters, digits and ._-")
        for name in ("portal_url", "apps_url"):
            _check(getattr(self, name).startswith("https://"), name, "with a certificate https://HOST[:PORT]")
        _check(self.plain_listen is None or _is_endpoint(self.plain_listen), "plain_listen", "ADDRESS:PORT")
        resolver = self.stapling_resolver
        _check(resolver is None or _is_endpoint(resolver), "stapling_resolver", "ADDRESS:PORT")


def render(site: Site, key: bytes, output: Path) -> None:
    """Writes the files; those that are there already are replaced. Raises `OSError`."""
    pages = output.resolve() / "pages"
    _check(bool(PATH.fullmatch(str(pages))), "output-dir", "a path of letters, digits and ._-")
    values = {**_values(site), "pages_dir": str(pages)}
    output.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        _fill(f"{name}.template", values, output / name)
    for name in TLS_FILES:
        target = output / f"ink-{name}.conf"
        if name in _tls_files(site):
            _fill(f"{name}.conf.template", values, target)
        else:
            target.unlink(missing_ok=True)
    shutil.copytree(HERE / "pages", pages, dirs_exist_ok=True)
    _write_secret(output / KEY_CONF, f'proxy_set_header X-Ink-Proxy-Key "{proxy_key(key)}";\n')


def _tls_files(site: Site) -> tuple[str, ...]:
    if not site.certificate:
        return ()
    return tuple(name for name in TLS_FILES if name != "plain" or site.plain_listen)


def _fill(template: str, values: dict[str, str], target: Path) -> None:
    text = _Template((HERE / template).read_text(encoding="utf-8")).substitute(values)
    target.write_text("".join(f"{line.rstrip()}\n" for line in text.splitlines()), encoding="utf-8")


def _values(site: Site) -> dict[str, str]:
    values = {name: str(value or "") for name, value in vars(site).items()}
    for name, url in (("portal", urlsplit(site.portal_url)), ("apps", urlsplit(site.apps_url))):
        values |= {f"{name}_host": url.hostname or "", f"{name}_authority": url.netloc}
    fixed = {"user": f"user {site.user};" if site.user else "", "place": PLACE, "named_place": named_place("ink_")}
    return values | fixed | _tls_values(site, values)


def _tls_values(site: Site, values: dict[str, str]) -> dict[str, str]:
    """What stands in the configuration for TLS alone; empty where nginx speaks plain HTTP."""
    files = _tls_files(site)
    included = {name: f"include ink-{name}.conf;" if name in files else "" for name in TLS_FILES}
    urls = {values["apps_host"]: site.apps_url, values["portal_host"]: site.portal_url}
    listens = dict.fromkeys((site.portal_listen, site.apps_listen))
    stapling = f"ssl_stapling on;\nresolver {site.stapling_resolver};" if site.stapling_resolver else ""
    return {
        **included,
        "listen_options": " ssl http2" if files else "",
        "hosts": " ".join(sorted(urls)),
        "secure_urls": "\n".join(f"    {host} {url};" for host, url in sorted(urls.items())),
        "tls_listens": "\n".join(f"    listen {where} ssl http2 default_server;" for where in listens),
        "stapling": stapling,
    }


def _write_secret(file: Path, text: str) -> None:
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
        opened.write(text)
    draft.replace(file)


def _is_endpoint(text: str) -> bool:
    found = re.fullmatch(r"(?:\[([0-9a-f:]+)\]|([0-9.]+)):([0-9]{1,5})", text)
    try:
        return bool(found and ip_address(found[1] or found[2]) and 0 < int(found[3]) < 65536)
    except ValueError:
        return False


def _is_socket(text: str) -> bool:
    return text.startswith("unix:") and bool(PATH.fullmatch(text.removeprefix("unix:")))


def _check(fits: bool, name: str, wanted: str) -> None:
    if not fits:
        raise ValueError(f"{name}: {wanted} is wanted")


def main() -> None:
    parser = argparse.ArgumentParser(description="Render the configuration of nginx.")
    parser.add_argument("--data-dir", type=Path, required=True, help="the manager's; holds the key that both know")
    parser.add_argument("--portal-url", required=True, help="address of the portal as browsers use it")
    parser.add_argument("--apps-url", required=True, help="address of apps as browsers use it (apps.public_url)")
    parser.add_argument("--portal-listen", default="127.0.0.1:8080")
    parser.add_argument("--apps-listen", default="127.0.0.1:8081")
    parser.add_argument("--manager", default="127.0.0.1:8420", help="ADDRESS:PORT, or unix:/PATH (server.socket)")
    parser.add_argument("--state-dir", default="/var/lib/nginx")
    parser.add_argument("--user")
    parser.add_argument("--certificate", help="PEM with its chain, for the names of both addresses; none: plain HTTP")
    parser.add_argument("--certificate-key")
    parser.add_argument("--plain-listen", help="ADDRESS:PORT that leads to TLS, mostly port 80")
    parser.add_argument("--stapling-resolver", help="ADDRESS:PORT of a name server: OCSP answers are stapled")
    parser.add_argument("--output-dir", type=Path, required=True)
    asked = vars(parser.parse_args())
    key, output = secret_key(asked.pop("data_dir") / KEY_FILE), asked.pop("output_dir")
    try:
        render(Site(**asked), key, output)
    except ValueError as error:
        sys.exit(f"render.py: {error}")


if __name__ == "__main__":
    main()
