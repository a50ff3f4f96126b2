"""The apps of a site: the shipped ones and those of the site's own folder, where each is one folder with a manifest.

A manifest that cannot be used is named with its reason, and the others count. A site's app replaces the shipped one of
its name. An app's other files go into the folder of each session that names them.
Limits: read once, at the start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from re import fullmatch

import yaml
from pydantic import ValidationError

from ink_core.apps.manifest import NAME, Manifest
from ink_core.complaints import where_and_what
from ink_core.errors import BadInput, NotFound

MANIFEST = "manifest.yaml"
MAX_FILE_BYTES = 1_000_000


class AppNotFound(NotFound):
    code = "app_not_found"


@dataclass(frozen=True)
class App:
    """`files` are the contents, by name, of those that its manifest names."""

    name: str
    manifest: Manifest
    files: Mapping[str, bytes]


class ManifestInvalid(BadInput):
    """A manifest cannot be used; the text says why."""

    code = "bad_app_manifest"


class AppCatalogue:
    """Apps in the order of their names; `broken` has the reason, by folder, of those that are not there."""

    def __init__(self, apps: Mapping[str, App], broken: Mapping[str, str] | None = None) -> None:
        self._apps = dict(sorted(apps.items()))
        self.broken = dict(broken or {})

    def __iter__(self) -> Iterator[App]:
        return iter(self._apps.values())

    def __contains__(self, name: str) -> bool:
        return name in self._apps

    def get(self, name: str) -> App:
        """Raises `AppNotFound`."""
        if name not in self._apps:
            raise AppNotFound(f"there is no app {name[:64]!r}; there are {', '.join(self._apps) or 'none'}")
        return self._apps[name]


def load_apps(site: Path | None) -> AppCatalogue:
    """The shipped apps, and those of the site's folder. A folder that cannot be listed is one broken thing."""
    apps: dict[str, App] = {}
    broken: dict[str, str] = {}
    for root in (Path(__file__).parent, *([site] if site else [])):
        try:
            folders = sorted(entry for entry in root.iterdir() if (entry / MANIFEST).exists())
        except OSError as error:
            broken[str(root)] = f"it cannot be listed: {error.strerror}"
            continue
        for folder in folders:
            try:
                apps[folder.name] = _load(folder)
            except ManifestInvalid as error:
                apps.pop(folder.name, None)  # what a site replaces is not there in the shipped form, either
                broken[str(folder)] = str(error)
    return AppCatalogue(apps, broken)


def _load(folder: Path) -> App:
    if not fullmatch(NAME, folder.name):
        raise ManifestInvalid(f"{folder.name!r} is no name of an app: small letters, digits and hyphens")
    try:
        manifest = _manifest(_read(folder / MANIFEST))
        files = {name: _read(folder / name) for name in manifest.files}
    except OSError as error:
        raise ManifestInvalid(f"{error.filename} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ManifestInvalid(f"{MANIFEST} is no YAML: {error}") from error
    except ValidationError as error:
        wrong = "; ".join(map(where_and_what, error.errors()[:20]))
        raise ManifestInvalid(f"{MANIFEST} is wrong: {wrong}") from error
    return App(folder.name, manifest, files)


@lru_cache(maxsize=64)
def _manifest(content: bytes) -> Manifest:
    return Manifest.model_validate(yaml.safe_load(content))


def _read(file: Path) -> bytes:
    with file.open("rb") as opened:
        content = opened.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise ManifestInvalid(f"{file.name} is longer than {MAX_FILE_BYTES} bytes")
    return content
