"""Renders the configuration of nginx before the manager and before apps. Run it from the root of the checkout:

    .venv/bin/python deploy/nginx/render.py --data-dir … --portal-url … --apps-url … --output-dir …

Every value has a type, and is refused when it does not fit: no text gets into the configuration as it was typed. The
key by which the manager knows nginx goes into a file of its own (mode 0600). Limits: plain HTTP.
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
KEY_CONF = "ink-key.conf"


class _Template(Template):
    """`@@{name}`, since nginx has a meaning for the dollar."""

    delimiter = "@@"


@dataclass(frozen=True)
class Site:
    """`user` is the account of nginx's workers, where nginx is started as root; none means its default."""

    portal_listen: str
    apps_listen: str
    manager: str
    portal_url: str
    apps_url: str
    state_dir: str
    user: str | None = None

    def __post_init__(self) -> None:
        for name in ("portal_listen", "apps_listen", "manager"):
            _check(_is_endpoint(getattr(self, name)), name, "ADDRESS:PORT")
        for name in ("portal_url", "apps_url"):
            _check(bool(URL.fullmatch(getattr(self, name))), name, "http(s)://HOST[:PORT], in small letters")
        _check(self.portal_url != self.apps_url, "apps_url", "another address than the portal's")
        _check(bool(PATH.fullmatch(self.state_dir)), "state_dir", "an absolute path of letters, digits and ._-")
        _check(self.user is None or bool(ACCOUNT.fullmatch(self.user)), "user", "the name of an account")


def render(site: Site, key: bytes, output: Path) -> None:
    """Writes the files; those that are there already are replaced. Raises `OSError`."""
    pages = output.resolve() / "pages"
    _check(bool(PATH.fullmatch(str(pages))), "output-dir", "a path of letters, digits and ._-")
    values = {
        **{name: getattr(site, name) for name in ("portal_listen", "apps_listen", "manager", "apps_url", "state_dir")},
        "user": f"user {site.user};" if site.user else "",
        "pages_dir": str(pages),
        "place": PLACE,
        "named_place": named_place("ink_"),
    }
    for name, url in (("portal", urlsplit(site.portal_url)), ("apps", urlsplit(site.apps_url))):
        values |= {f"{name}_host": url.hostname or "", f"{name}_authority": url.netloc}
    output.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        template = _Template((HERE / f"{name}.template").read_text(encoding="utf-8"))
        (output / name).write_text(template.substitute(values), encoding="utf-8")
    shutil.copytree(HERE / "pages", pages, dirs_exist_ok=True)
    _write_secret(output / KEY_CONF, f'proxy_set_header X-Ink-Proxy-Key "{proxy_key(key)}";\n')


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
    parser.add_argument("--manager", default="127.0.0.1:8420")
    parser.add_argument("--state-dir", default="/var/lib/nginx")
    parser.add_argument("--user")
    parser.add_argument("--output-dir", type=Path, required=True)
    asked = vars(parser.parse_args())
    key, output = secret_key(asked.pop("data_dir") / KEY_FILE), asked.pop("output_dir")
    try:
        render(Site(**asked), key, output)
    except ValueError as error:
        sys.exit(f"render.py: {error}")


if __name__ == "__main__":
    main()
