"""The site file of `hepjob`: which experiment a group belongs to, where its jobs go, and what wall times there are.

Closed and checked when it is read; a site's own file replaces the shipped one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BeforeValidator, Field, ValidationError, model_validator

from ink_core.complaints import where_and_what
from ink_core.compute.model import Value
from ink_core.errors import BadInput, InkError

_DURATION = re.compile(r"(\d{1,6})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DEFAULT_WALL_TIME = "default"


class HepSiteInvalid(InkError):
    """The site file cannot be used; the text says where it is wrong."""

    code = "bad_hep_site"


def _seconds(value: Any) -> Any:
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    return int(found[1]) * _SECONDS[found[2]] if found else value


Seconds = Annotated[int, BeforeValidator(_seconds), Field(ge=1)]
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$", max_length=64)]
GroupPattern = Annotated[str, Field(pattern=r"^[a-z0-9_]+\*?$", max_length=64)]


class Experiment(Value):
    """`cluster` is the name of a cluster in the settings, `schedd` that of one of its schedds; None is the default."""

    groups: tuple[GroupPattern, ...] = Field(min_length=1)
    cluster: str | None = None
    schedd: str | None = None

    def has(self, group: str) -> bool:
        return any(fnmatchcase(group, pattern) for pattern in self.groups)


class HepSite(Value):
    """Wall times in seconds, by the names that `-wt` takes."""

    version: Literal[1]
    default_group: Word
    default_os: Word
    operating_systems: tuple[Word, ...] = Field(min_length=1)
    wall_times: dict[Word, Seconds]
    experiments: dict[Word, Experiment] = Field(min_length=1)

    @model_validator(mode="after")
    def _defaults_exist(self) -> Self:
        if DEFAULT_WALL_TIME not in self.wall_times:
            raise ValueError(f"wall_times has no {DEFAULT_WALL_TIME!r}")
        if self.default_os not in self.operating_systems:
            raise ValueError(f"default_os {self.default_os!r} is not among operating_systems")
        if not any(experiment.has(self.default_group) for experiment in self.experiments.values()):
            raise ValueError(f"no experiment has the default_group {self.default_group!r}")
        return self

    def experiment_of(self, group: str) -> tuple[str, Experiment]:
        """Raises `BadInput` for a group that no experiment has."""
        for name, experiment in self.experiments.items():
            if experiment.has(group):
                return name, experiment
        known = ", ".join(pattern for experiment in self.experiments.values() for pattern in experiment.groups)
        raise BadInput(f"no experiment has a group {group!r}; known are {known}")

    def wall_time(self, name: str) -> int:
        """Seconds. Raises `BadInput`."""
        if name not in self.wall_times:
            raise BadInput(f"there is no wall time {name!r}; there are {', '.join(self.wall_times)}")
        return self.wall_times[name]

    def operating_system(self, name: str) -> str:
        """As the site spells it. Raises `BadInput`."""
        for known in self.operating_systems:
            if known.lower() == name.lower():
                return known
        raise BadInput(f"there is no operating system {name!r}; there are {', '.join(self.operating_systems)}")


@dataclass(frozen=True)
class HepDesk:
    """The site file, and what the clusters are: HTCondor pools, whose job ads carry its accounting, and Slurm's.

    `pools` tell the names of further schedds.
    """

    site: HepSite
    pools: Mapping[str, Sequence[str]]
    slurm: frozenset[str]


def load_site(file: Path | None) -> HepSite:
    """The site's own file, or the shipped one. Raises `HepSiteInvalid`."""
    source = str(file or "the shipped hepjob site file")
    try:
        text = (
            file.read_text("utf-8") if file else files("ink_core.compute.hep").joinpath("site.yaml").read_text("utf-8")
        )
        return HepSite.model_validate(yaml.safe_load(text))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise HepSiteInvalid(f"{source} cannot be read: {error}") from error
    except ValidationError as error:
        wrong = "; ".join(map(where_and_what, error.errors()[:20]))
        raise HepSiteInvalid(f"{source} is wrong: {wrong}") from error
