"""What a running tool may use: the leave that the gate gave it, who is acting, and the ports of the platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import JsonValue

from ink_core.agents import Homes, UserAgents
from ink_core.apps.service import AppSessions, NoApps
from ink_core.clock import Clock, SystemClock
from ink_core.compute.queues import Queues
from ink_core.errors import NotFound
from ink_core.identity.principal import Principal, Scope
from ink_core.labels import LOWEST, Confidentiality
from ink_core.storage.shares import MemoryShares, Shares
from joblens.query.lens import Lens
from knowledge_graph.contributions.contribution import Step
from knowledge_graph.contributions.desk import ContributionDesk
from knowledge_graph.contributions.faults import StepNotFound
from knowledge_graph.incidents.book import IncidentNotFound
from knowledge_graph.incidents.incident import Closing
from knowledge_graph.markdown import Passage
from mcp_tools.foreign_port import Foreign, NoForeignServers
from mcp_tools.incident_views import Diagnosis, IncidentRow, IncidentView
from mcp_tools.knowledge_port import KnowledgeReading, NothingKnown
from mcp_tools.path_labels import NO_RULES, PathLabels
from mcp_tools.policy_port import NoPolicy, PolicyChanges
from mcp_tools.site_views import SiteHealth
from mcp_tools.subagents_port import NoSubAgents, SubAgents
from mcp_tools.switches_port import NothingToSwitch, Switching
from skills.accepted import AcceptedSkills, MemoryAccepted
from skills.library import SkillLibrary


class Documents(Protocol):
    def search(self, query: str, limit: int) -> Sequence[Passage]: ...


class OfferedTools(Protocol):
    def needs(self, tool: str) -> frozenset[Scope] | None:
        """Scopes that it takes to use a tool which our own model may be told of; None for any other name."""
        ...


class NoTools:
    """Where there are none."""

    def needs(self, tool: str) -> frozenset[Scope] | None:
        return None


class Links(Protocol):
    def address(self, share_id: str) -> str:
        """Where the owner of a share, signed in, reads its file. It opens nothing to anybody else."""
        ...


@dataclass(frozen=True)
class AgentStatus:
    """One worker agent as the page shows it. `state`: submitting, queued, starting, ready, lost, gone."""

    worker_id: str
    user: str
    place: str
    state: str
    cluster: str | None
    job_id: str | None
    node: str | None
    workspace: str
    detail: str | None = None


class AgentLauncher(Protocol):
    @property
    def cpus(self) -> int:
        """That the job of a worker agent asks for."""
        ...

    async def launch(self, user: str, cluster: str, operation_id: str, wall_time_s: int | None = None) -> AgentStatus:
        """Submit a worker agent as a job of the user, for so long at most; returns as soon as the job is submitted."""
        ...

    async def stop(self, worker_id: str, operation_id: str) -> AgentStatus: ...

    async def find(self, operation_id: str) -> AgentStatus | None:
        """The agent that this operation launched, if it did."""
        ...

    def list(self, user: str) -> Sequence[AgentStatus]: ...

    def workspace(self, user: str, worker_id: str) -> str | None:
        """Directory that the user's own worker works in; None for a worker that is not the user's."""
        ...

    def mounts(self, worker_id: str) -> Sequence[str] | None:
        """Trees of the user that programs in this worker can read; None where no container confines them."""
        ...


class Results(Protocol):
    def whole(self, principal: Principal, call_id: str) -> JsonValue:
        """The whole result of one of this user's ended calls, as far as its credential may see that tool's results.

        Raises `NotFound` for any other call, `Conflict` for one without a result.
        """
        ...

    def confidentiality(self, call_id: str) -> Confidentiality:
        """Of what that call brought; the highest there is while it has not ended, the lowest for no call at all."""
        ...


class NoResults:
    """Where there are no earlier calls."""

    def whole(self, principal: Principal, call_id: str) -> JsonValue:
        raise NotFound(f"there is no call {call_id}")

    def confidentiality(self, call_id: str) -> Confidentiality:
        return LOWEST.confidentiality


NO_RESULTS = NoResults()


class Incidents(Protocol):
    """What is wrong at the site, as far as the reader may see it. Raises `IncidentNotFound` for any other."""

    def list(self, principal: Principal) -> Sequence[IncidentRow]:
        """The one opened last first."""
        ...

    def view(self, principal: Principal, incident_id: str) -> IncidentView: ...

    async def diagnose(self, principal: Principal, incident_id: str) -> Diagnosis: ...

    async def close(self, principal: Principal, incident_id: str, closing: Closing) -> IncidentView:
        """Raises `IncidentOver` where it was closed before, `LedgerUnavailable` where that cannot be kept."""
        ...


class Site(Protocol):
    async def health(self, principal: Principal) -> SiteHealth: ...


class NothingWatched:
    """Implements `Incidents` and `Site` where nobody looks after the site."""

    def list(self, principal: Principal) -> Sequence[IncidentRow]:
        return ()

    def view(self, principal: Principal, incident_id: str) -> IncidentView:
        raise IncidentNotFound("incidents are not watched for here")

    async def diagnose(self, principal: Principal, incident_id: str) -> Diagnosis:
        raise IncidentNotFound("incidents are not watched for here")

    async def close(self, principal: Principal, incident_id: str, closing: Closing) -> IncidentView:
        raise IncidentNotFound("incidents are not watched for here")

    async def health(self, principal: Principal) -> SiteHealth:
        raise NotFound("the site is not watched here")


@dataclass(frozen=True)
class FoundStep:
    """A step, with what flows from its session to what is said of it. `members` are whose session it is.

    `task_id`: the task whose memory the user may add to with what the session found out, or ''.
    """

    step: Step
    members: frozenset[str]
    confidentiality: Confidentiality
    task_id: str = ""


class Steps(Protocol):
    async def find(self, principal: Principal, session_id: str, *, call_id: str = "", turn: int = 0) -> FoundStep:
        """The call with this id, or else the reply of that turn, or of no turn the session as it stands.

        Raises `StepNotFound`, also where the session is not this user's to look at.
        """
        ...


class NoSteps:
    """Where there are no sessions."""

    async def find(self, principal: Principal, session_id: str, *, call_id: str = "", turn: int = 0) -> FoundStep:
        raise StepNotFound(f"there is no session {session_id}")


@dataclass(frozen=True)
class Readable:
    """A terminal of one's worker that its user lets the agent of a conversation read."""

    worker_id: str
    terminal_id: str
    by: str


class ReadableTerminals(Protocol):
    async def readable(self, session_id: str) -> Sequence[Readable]:
        """Those of this conversation at this moment, the one that was allowed last at the end."""
        ...


class NoTerminals:
    """Where nobody has let an agent read one."""

    async def readable(self, session_id: str) -> Sequence[Readable]:
        return ()


@dataclass(frozen=True)
class Services:
    """Ports of the platform, chosen by the composition root. `schedulers` has the type of each cluster's scheduler;
    `lens` is None where JobLens is off.
    """

    agents: UserAgents
    queues: Queues
    documents: Documents
    links: Links
    launcher: AgentLauncher
    homes: Homes
    path_labels: PathLabels = NO_RULES
    shares: Shares = field(default_factory=MemoryShares)
    apps: AppSessions = field(default_factory=NoApps)
    clock: Clock = field(default_factory=SystemClock)
    schedulers: Mapping[str, str] = field(default_factory=lambda: dict[str, str]())
    lens: Lens | None = None
    skills: SkillLibrary = field(default_factory=SkillLibrary)
    accepted_skills: AcceptedSkills = field(default_factory=MemoryAccepted)
    contributions: ContributionDesk = field(default_factory=lambda: ContributionDesk(SystemClock()))
    steps: Steps = field(default_factory=NoSteps)
    knowledge: KnowledgeReading = field(default_factory=NothingKnown)
    incidents: Incidents = field(default_factory=NothingWatched)
    site: Site = field(default_factory=NothingWatched)
    subagents: SubAgents = field(default_factory=NoSubAgents)
    foreign: Foreign = field(default_factory=NoForeignServers)
    tools: OfferedTools = field(default_factory=NoTools)
    policy: PolicyChanges = field(default_factory=NoPolicy)
    terminals: ReadableTerminals = field(default_factory=NoTerminals)
    switches: Switching = field(default_factory=NothingToSwitch)


@dataclass(frozen=True)
class Leave:
    """Leave to run one call once. Only the gate's dispatcher makes one, after the intent is durable."""

    call_id: str
    tool: str


@dataclass(frozen=True)
class ToolContext:
    """One call's surroundings.

    `principal` asked; `acting_as` is the user whose process does it (the approver, where an administrator approved an
    action on another user's job). `leave` is None while a preview is computed: previews only read. `results` are of
    earlier calls. `by_hand`: a person or a program of theirs made the call, and no model. `session_id` is the
    conversation that it is made in, if it is.
    """

    principal: Principal
    acting_as: str
    operation_id: str
    deadline_s: float
    worker_id: str | None
    services: Services
    leave: Leave | None
    results: Results = NO_RESULTS
    by_hand: bool = False
    session_id: str | None = None
