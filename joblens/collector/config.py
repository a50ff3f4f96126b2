"""Settings of the collector: a TOML file of root's, each with a default; what is misspelt or out of range is refused.

Of its own and not the manager's: nodes have no manager, and the collector imports the standard library alone.
"""

from __future__ import annotations

import os
import socket
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, cast

from ink_core.errors import BadInput
from joblens.collector.identity.identities import LOCAL_STARTER

DEFAULT_FILE = Path("/etc/ink-harness/joblens.toml")


class ConfigInvalid(BadInput):
    """A setting of the collector is unknown, of the wrong kind or out of range; the message names it."""

    code = "collector_config_invalid"


@dataclass(frozen=True)
class Config:
    """Times in seconds, sizes in bytes. Names are the keys of the file."""

    host: str = ""
    """As jobs and pages name this node; the host's own name where it is empty."""
    state_dir: str = "/var/lib/ink-joblens"
    """For the spool and the memory of running jobs; root's alone."""
    interval_s: float = 5.0
    """Between two samples of every job."""
    files_interval_s: float = 30.0
    """Between two tellings of a job's files; those that changed."""
    gpu_interval_s: float = 10.0
    power_interval_s: float = 30.0
    linger_s: float = 3.0
    """For so long a job without any process may begin another step before it has ended on this host."""
    level: str = "auto"
    """How the kernel is observed: "auto", "bpf" or "proc"."""
    files: str = "exact"
    """Traffic by file at level "bpf": "exact" (costs each system call of the host some 0.1 µs), "sampled" (costs none;
    only how far the positions of open files are) or "off"."""
    starters: tuple[str, ...] = ("condor_starter", "slurmstepd")
    unprivileged_starters: bool = False
    """Believe starters that do not run with root's rights: a personal HTCondor."""
    htcondor_cluster: str = "htcondor"
    slurm_cluster: str = "slurm"
    local_cluster: str = "local"
    local_directory: str = ""
    """Where the queue of the embedded scheduler lies, as the manager has it; empty: its jobs are not looked at."""
    schedd: str = ""
    """The pool's first schedd, whose jobs have plain ids."""
    squeue: tuple[str, ...] = ("squeue",)
    """The command that is asked which array a task is of; empty: tasks go by their own numbers."""
    spool_bytes: int = 1 << 30
    manager_url: str = ""
    """Where batches go to and captures come from, such as https://portal.example:8420."""
    token_file: str = ""
    """Holds a token with the scope `joblens:write`, and nothing else."""
    ca_file: str = ""
    """For a certificate that the host does not trust by itself."""
    metrics_file: str = ""
    """What the collector itself costs, for node_exporter's textfile collector."""

    def __post_init__(self) -> None:
        for name in ("interval_s", "files_interval_s", "gpu_interval_s", "power_interval_s"):
            _check(name, getattr(self, name), 0.1, 3600)
        _check("linger_s", self.linger_s, 0, 3600)
        _check("spool_bytes", self.spool_bytes, 1 << 20, 1 << 40)
        if self.level not in ("auto", "bpf", "proc"):
            raise ConfigInvalid(f'level is "auto", "bpf" or "proc", not {self.level!r}')
        if self.files not in ("exact", "sampled", "off"):
            raise ConfigInvalid(f'files is "exact", "sampled" or "off", not {self.files!r}')

    @property
    def any_user_starts(self) -> bool:
        """Starters are not root's alone."""
        return self.unprivileged_starters or bool(self.local_directory)

    @property
    def all_starters(self) -> frozenset[str]:
        return frozenset((*self.starters, LOCAL_STARTER) if self.local_directory else self.starters)

    @property
    def host_name(self) -> str:
        return self.host or socket.gethostname().partition(".")[0]


def read_config(path: Path) -> Config:
    """Raises `ConfigInvalid`. The file must be its reader's or root's, and not writable by others."""
    try:
        with open(path, "rb") as file:
            owner = os.fstat(file.fileno())
            document = tomllib.load(file)
    except OSError as error:
        raise ConfigInvalid(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigInvalid(f"{path} is no TOML: {error}") from error
    if owner.st_uid not in (0, os.geteuid()) or owner.st_mode & 0o022:
        raise ConfigInvalid(f"{path} can be written by others than its owner or root; it names commands to run")
    return Config(**{name: _typed(name, value) for name, value in document.items()})


_KINDS: dict[str, type] = {field.name: type(field.default) for field in fields(Config)}


def _typed(name: str, value: Any) -> Any:
    kind = _KINDS.get(name)
    if kind is None:
        raise ConfigInvalid(f"{name} is no setting of the collector; known are {', '.join(_KINDS)}")
    if kind is tuple and _is_words(value):
        return tuple(value)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise ConfigInvalid(f"{name} is a {'list of texts' if kind is tuple else kind.__name__}, not {value!r}")
    return value


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in cast(list[Any], value))


def _check(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise ConfigInvalid(f"{name} is between {least:g} and {most:g}, not {value:g}")
