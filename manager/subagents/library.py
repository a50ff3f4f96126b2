"""The shipped profiles and the site's own, as their files are now. Blocking: call it from a thread.

A profile that does not keep to the format is left out and named as a problem; the others stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ink_core.errors import NotFound
from manager.subagents.profile import InvalidProfile, Profile, read_profile

SHIPPED = Path(__file__).parent / "profiles"
MOST = 200


class UnknownProfile(NotFound):
    code = "unknown_profile"


@dataclass(frozen=True)
class ProfileShelf:
    """`problems` say which profile is left out, and why."""

    profiles: Mapping[str, Profile]
    problems: tuple[str, ...] = ()

    def get(self, name: str) -> Profile:
        """Raises `UnknownProfile`."""
        if name not in self.profiles:
            raise UnknownProfile(f"there is no profile {name[:64]!r}; there are {', '.join(self.profiles)}")
        return self.profiles[name]


class ProfileLibrary:
    """Of two profiles with one name that of the later folder counts."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self._folders = (SHIPPED, *folders)

    def shelf(self) -> ProfileShelf:
        found, problems = dict[str, Profile](), list[str]()
        for file in self._files():
            try:
                status = file.stat()
                profile = _read(file, status.st_mtime_ns, status.st_size, status.st_ino)
            except OSError:
                continue  # it has just gone
            except InvalidProfile as error:
                problems.append(str(error))
            else:
                found[profile.name] = profile
        return ProfileShelf(found, tuple(problems))

    def _files(self) -> Iterator[Path]:
        for folder in self._folders:
            yield from sorted(folder.glob("*.md"))[:MOST]


@lru_cache(MOST)
def _read(file: Path, mtime_ns: int, size: int, inode: int) -> Profile:
    """Read again only where the file has changed."""
    return read_profile(file)
