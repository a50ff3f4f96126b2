"""All tools by name: what a credential may use, and a helpful error for a name that does not exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from ink_core.errors import UnknownTool
from ink_core.identity.principal import Scope
from mcp_tools import (
    agents,
    apps,
    background,
    cluster,
    contributions,
    dags,
    documentation,
    earlier_versions,
    file_archives,
    file_changes,
    file_copies,
    file_patches,
    files,
    foreign_servers,
    git,
    incidents,
    job_actions,
    job_descriptions,
    job_edits,
    joblens,
    joblens_captures,
    jobs,
    knowledge,
    links,
    notebooks,
    own_skills,
    policy,
    processes,
    results,
    shares,
    site_health,
    skills,
    storages,
    subagents,
    switches,
    terminals,
    todos,
    trash,
    uploads,
)
from mcp_tools.spec import Risk, ToolSpec

BUILT_IN: tuple[ToolSpec, ...] = (
    *jobs.TOOLS,
    *job_descriptions.TOOLS,
    *dags.TOOLS,
    *job_actions.TOOLS,
    *job_edits.TOOLS,
    *joblens.TOOLS,
    *joblens_captures.TOOLS,
    *files.TOOLS,
    *file_changes.TOOLS,
    *file_patches.TOOLS,
    *earlier_versions.TOOLS,
    *notebooks.TOOLS,
    *file_copies.TOOLS,
    *file_archives.TOOLS,
    *trash.TOOLS,
    *uploads.TOOLS,
    *storages.TOOLS,
    *processes.TOOLS,
    *terminals.TOOLS,
    *background.TOOLS,
    *git.TOOLS,
    *cluster.TOOLS,
    *site_health.TOOLS,
    *incidents.TOOLS,
    *documentation.TOOLS,
    *skills.TOOLS,
    *own_skills.TOOLS,
    *knowledge.TOOLS,
    *contributions.TOOLS,
    *links.TOOLS,
    *shares.TOOLS,
    *agents.TOOLS,
    *apps.TOOLS,
    *todos.TOOLS,
    *foreign_servers.TOOLS,
    *policy.TOOLS,
    *switches.TOOLS,
    *results.TOOLS,
    *subagents.TOOLS,
)


class Catalogue:
    """Tools in the order they are shown: those it is made of, and those that are mounted while it is in use."""

    def __init__(self, specs: Iterable[ToolSpec]) -> None:
        self._own = tuple(specs)
        self._specs = _by_name(self._own)

    def mount(self, specs: Iterable[ToolSpec]) -> None:
        """These beside its own, and none that were mounted before. Raises `ValueError` for a name that is taken."""
        self._specs = _by_name((*self._own, *specs))

    def __iter__(self) -> Iterator[ToolSpec]:
        return iter(self._specs.values())

    def __len__(self) -> int:
        return len(self._specs)

    def get(self, name: str) -> ToolSpec:
        """Raises `UnknownTool`, which names tools that look alike."""
        if name in self._specs:
            return self._specs[name]
        near = get_close_matches(name[:100], self._specs, n=3, cutoff=0.5)
        meant = f"; did you mean {' or '.join(near)}?" if near else f"; there are {', '.join(self._specs)}"
        raise UnknownTool(f"there is no tool called {name[:100]!r}{meant}")

    def allowed(self, scopes: Iterable[Scope]) -> tuple[ToolSpec, ...]:
        """The tools whose scopes are all among these."""
        held = frozenset(scopes)
        return tuple(spec for spec in self if spec.scopes <= held)

    def offered(self, scopes: Iterable[Scope]) -> tuple[ToolSpec, ...]:
        """Those of them that our own model is told of."""
        return tuple(spec for spec in self.allowed(scopes) if spec.for_models)

    def needs(self, tool: str) -> frozenset[Scope] | None:
        """Implements `OfferedTools`."""
        spec = self._specs.get(tool)
        return spec.scopes if spec and spec.for_models and spec.risk is not Risk.FORBIDDEN else None


def _by_name(specs: Iterable[ToolSpec]) -> dict[str, ToolSpec]:
    named: dict[str, ToolSpec] = {}
    for spec in specs:
        if spec.name in named:
            raise ValueError(f"there are two tools called {spec.name}")
        named[spec.name] = spec
    return named


def default_catalogue() -> Catalogue:
    return Catalogue(BUILT_IN)
