"""Every setting, documented by its own field. The values of a first run stand in `ink_core/profiles/base.yaml`.

All sections are closed: an unknown key is an error. Settings hold no secret, only the place where one is found.
"""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import AfterValidator, Field, model_validator

from ink_core.compute.options import ClusterOptions
from ink_core.settings.backup import BackupSettings
from ink_core.settings.budgets import BudgetSettings
from ink_core.settings.foreign import McpSettings
from ink_core.settings.joblens import JobLensSettings
from ink_core.settings.knowledge import KnowledgeSettings
from ink_core.settings.section import Name, Section
from ink_core.settings.sign_in import SignInSettings
from ink_core.storage.xrootd.options import StorageOptions


def _user_template(text: str) -> str:
    try:
        names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise ValueError(f"not a template: {error}") from None
    if names - {"user"}:
        raise ValueError("a path template knows {user} and {data_dir} only")
    return text


def _without_password(url: str) -> str:
    """Addresses are shown and logged; what is wrong is said without repeating it."""
    parsed = urlsplit(url)
    if parsed.password is not None or "password" in parse_qs(parsed.query):
        raise ValueError("a password does not belong into an address; use password_file or password_env")
    return url


def _network(text: str) -> str:
    ip_network(text)  # its own words say what is wrong
    return text


_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not bound here
Network = Annotated[str, AfterValidator(_network)]
DatabaseUrl = Annotated[str, AfterValidator(_without_password)]
UserTemplate = Annotated[str, AfterValidator(_user_template)]
Seconds = Annotated[float, Field(gt=0, le=366 * 86400)]
PackageName = Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$")]


class ServerSettings(Section):
    """Where the manager listens."""

    host: str = Field(min_length=1, description="Address to listen on.")
    port: int = Field(ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    socket: Path | None = Field(
        default=None,
        description="Unix socket to listen on instead, for a proxy on this machine: who may open it is believed.",
    )
    public_url: str | None = Field(
        pattern=r"^https?://[^/?#]+$",
        description="Address that browsers use, without a path; null makes it from host and port.",
    )
    trusted_proxies: tuple[Network, ...] = Field(
        description="Addresses or networks of the proxies whose forwarded-for headers are believed; nobody else's are."
    )
    requests_per_s: float = Field(gt=0, description="Requests that one client may send for ever.")
    request_burst: int = Field(ge=1, description="Requests that one client may send at once after a rest.")

    @model_validator(mode="after")
    def _socket_has_an_address(self) -> Self:
        if self.socket and not self.public_url:
            raise ValueError("with a socket, public_url must say at which address browsers reach the proxy")
        return self


class DatabaseSettings(Section):
    """Users, tokens and sign-in sessions."""

    url: DatabaseUrl = Field(description="sqlite:///PATH or postgresql://USER@HOST/NAME", min_length=1)
    password_file: Path | None = Field(default=None, description="File with the password, readable by its owner only.")
    password_env: str | None = Field(default=None, description="Environment variable that holds the password.")

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        if self.password_file and self.password_env:
            raise ValueError("give password_file or password_env, not both")
        return self


class LedgerSettings(DatabaseSettings):
    """The record of everything that was done."""


class AgentSettings(Section):
    """Worker agents: how they are started and what they get."""

    default_cluster: str = Field(description="Cluster of an agent when nobody names one.")
    image: Path | None = Field(description="Apptainer image (SIF) of the worker; null runs `python` bare.")
    apptainer: Path = Field(description="Apptainer on the execute nodes.")
    python: Path | None = Field(description="Interpreter of agents outside an image; null is the manager's own.")
    worker_url: str | None = Field(
        pattern=r"^wss?://[^/?#]+(/[^?#]*)?$",
        description="Address that workers dial; null makes it from the server's address.",
    )
    ca_file: Path | None = Field(
        description="Authorities (PEM) by which workers and apps check the manager's certificate; null: the nodes' own."
    )
    workspace: UserTemplate = Field(description="Directory that confines an agent's paths; {user} is the user's name.")
    launch_timeout_s: Seconds = Field(description="How long a submitted agent may take to connect.")
    token_lifetime_s: Seconds = Field(description="How long a submitted agent may wait in the queue before it starts.")
    idle_timeout_s: Seconds = Field(description="An access-point agent without a call for so long exits.")
    memory_mb: int = Field(ge=16, description="Memory asked for an agent's job.")
    cpus: int = Field(ge=1, description="CPUs asked for an agent's job.")
    reconnect_for_s: Seconds = Field(description="How long an agent that lost the manager keeps dialling.")


class SpawnerSettings(Section):
    """Who starts access-point agents."""

    kind: Literal["direct", "socket"] = Field(
        description="direct: child processes under the manager's own user. socket: the privileged spawner, as the user."
    )
    socket: Path = Field(description="Unix socket of the spawner.")
    packs: tuple[str, ...] = Field(description="Capability packs of access-point agents, each module:function.")


class ModelSettings(Section):
    """One OpenAI-compatible language model. The order in the list is the order of choice."""

    name: Name = Field(description="Name that users see.")
    base_url: str = Field(pattern=r"^https?://", description="Base URL of the OpenAI-compatible interface.")
    model: str = Field(min_length=1, description="Model name that the endpoint knows.")
    trust: Literal["site", "external"] = Field(
        description="Where data given to the model go. An external one gets public and scratch data only."
    )
    api_key_file: Path | None = Field(default=None, description="File with the key, readable by its owner only (0600).")
    api_key_env: str | None = Field(default=None, description="Name of the environment variable that holds the key.")
    timeout_s: Seconds = Field(default=120.0, description="Deadline of one request.")
    tool_calling: Literal["native", "tolerant", "json_schema"] = Field(
        default="native",
        description="tolerant or json_schema for a model weak at native tool calls: from its text, or by a schema.",
    )
    context_tokens: int = Field(default=32_768, ge=1024, description="Context length of the model, in tokens.")
    prompt_price: float = Field(default=0.0, ge=0, description="Price of a million prompt tokens.")
    completion_price: float = Field(default=0.0, ge=0, description="Price of a million completion tokens.")

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if self.api_key_file and self.api_key_env:
            raise ValueError("give api_key_file or api_key_env, not both")
        return self


class PolicySettings(Section):
    file: Path | None = Field(description="Policy rules (YAML); null takes the shipped ones.")


class AppSettings(Section):
    """Interactive apps as jobs."""

    folder: Path | None = Field(description="The site's own apps, each a folder with a manifest; null for none.")
    path: tuple[Path, ...] = Field(
        description="Directories of programs on the nodes that come before the system's: where a site has its apps."
    )
    environment: dict[str, str] = Field(
        description="Variables of all apps, over those of their manifests: where a site has what they need. No secrets."
    )
    python: Path | None = Field(
        description="Interpreter on the nodes that runs the door of an app; null is that of the agents."
    )
    public_url: str | None = Field(
        pattern=r"^https?://[^/?#]+$",
        description="Address of nginx at which browsers reach apps, never that of the portal; null for none.",
    )
    callback_url: str | None = Field(
        pattern=r"^https?://[^/?#]+(/[^?#]*)?$",
        description="Address at which jobs register; null makes it from agents.worker_url.",
    )
    max_sessions: int = Field(ge=1, le=1000, description="Sessions of apps that one user may have at once.")


class SkillSettings(Section):
    folders: tuple[Path, ...] = Field(
        description="Folders of the site's own skills, each a folder with SKILL.md; a later one of a name replaces it."
    )
    pins: dict[str, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]] = Field(
        description="SHA-256 of the SKILL.md that each of these skills must have; with another one it is left out."
    )


class SubAgentSettings(Section):
    folders: tuple[Path, ...] = Field(
        default=(), description="Folders of the site's own profiles of sub-agents, `NAME.md`; a later one replaces it."
    )


class HepjobSettings(Section):
    site: Path | None = Field(description="Experiments, groups and wall times (YAML); null takes the shipped ones.")


class TreeLabel(Section):
    """How confidential the files of one directory tree are."""

    tree: str = Field(pattern=r"^/", description="Absolute directory; {user} as one part of it stands for any name.")
    confidentiality: Literal["public", "scratch", "user", "experiment"] = Field(
        description="An external model may see public and scratch only."
    )


class LabelSettings(Section):
    trees: tuple[TreeLabel, ...] = Field(
        description="Directory trees whose files are not their user's own (user); of several the deepest counts."
    )


class ApprovalSettings(Section):
    expire_s: Seconds = Field(description="A request that nobody decided for so long expires.")
    one_person_days: int = Field(
        ge=0,
        le=366,
        description="For so many days an approver counts as one person with who made the account, its password, its "
        "sign-in link or its right to approve. 0: not at all.",
    )


class AuditSettings(Section):
    """Where signed checkpoints of the ledger go, so that nobody can rewrite history unseen."""

    checkpoint_s: Seconds = Field(description="So often a checkpoint is made, where anything was recorded since.")
    witnesses: int = Field(ge=0, le=100, description="How many connected worker agents countersign each checkpoint.")
    anchor_file: Path | None = Field(
        description="File that every checkpoint is appended to; best on another machine's disk. null for none."
    )
    anchor_command: tuple[str, ...] = Field(
        description="Command (argv) that gets every checkpoint on its standard input; empty for none."
    )
    terminals_mb: int = Field(
        ge=0, le=1_000_000, description="MiB of recorded terminal output kept per user, the newest; 0 records none."
    )


class UnifiedPluginSettings(Section):
    """INK's own key for plugins."""

    packages: tuple[PackageName, ...] = Field(
        default=(), max_length=50, description="INK's name for plugins.packages; those of both keys are loaded."
    )


class PluginSettings(Section):
    packages: tuple[PackageName, ...] = Field(
        default=(), max_length=50, description="Packages of plugins, by the name that they are imported by, in order."
    )
    start_timeout_s: Seconds = Field(
        default=10, description="How long one plugin may take to start; later it is left out."
    )


class Settings(Section):
    """All settings of one installation."""

    data_dir: Path = Field(description="Everything the harness keeps; other settings may name it as {data_dir}.")
    server: ServerSettings
    database: DatabaseSettings
    ledger: LedgerSettings
    clusters: tuple[ClusterOptions, ...] = Field(min_length=1, description="Clusters, the default one first.")
    agents: AgentSettings
    spawner: SpawnerSettings
    models: tuple[ModelSettings, ...] = Field(description="Language models; none means the built-in offline guide.")
    budgets: BudgetSettings
    policy: PolicySettings
    hepjob: HepjobSettings
    skills: SkillSettings
    subagents: SubAgentSettings = SubAgentSettings()
    apps: AppSettings
    storages: tuple[StorageOptions, ...] = Field(default=(), max_length=20, description="XRootD, by HTTP with tokens.")
    labels: LabelSettings
    approvals: ApprovalSettings
    audit: AuditSettings
    backup: BackupSettings = BackupSettings()
    sign_in: SignInSettings
    joblens: JobLensSettings
    knowledge: KnowledgeSettings
    mcp: McpSettings = McpSettings()
    plugins: PluginSettings = PluginSettings()
    unified_plugins: UnifiedPluginSettings = UnifiedPluginSettings()

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        names = [cluster.name for cluster in self.clusters]
        if len(set(names)) != len(names):
            raise ValueError("two clusters have the same name")
        if self.agents.default_cluster not in names:
            raise ValueError(f"agents.default_cluster is {self.agents.default_cluster!r}, clusters are {names}")
        if self.apps.public_url == self.public_url:
            raise ValueError("apps.public_url must be another address than that of the portal")
        named_alike = (
            ("models", self.models),
            ("providers", self.sign_in.openid),
            ("clients", self.sign_in.clients),
        )
        for what, named in named_alike:
            if len({one.name for one in named}) != len(named):
                raise ValueError(f"two {what} have the same name")
        return self

    @property
    def public_url(self) -> str:
        """Address that browsers use, without a trailing slash; of all interfaces, the one of this machine itself."""
        host = _ANY_ADDRESS.get(self.server.host, self.server.host)
        host = f"[{host}]" if ":" in host else host
        return self.server.public_url or f"http://{host}:{self.server.port}"

    @property
    def plugin_packages(self) -> tuple[str, ...]:
        """Of both keys, each once."""
        return tuple(dict.fromkeys((*self.plugins.packages, *self.unified_plugins.packages)))

    @property
    def worker_url(self) -> str:
        """Address that workers dial."""
        return self.agents.worker_url or self.public_url.replace("http", "ws", 1) + "/agents/connect"

    @property
    def apps_callback_url(self) -> str:
        """Address at which the jobs of apps register: on the manager as workers know it."""
        worker = urlsplit(self.worker_url)
        scheme = {"ws": "http", "wss": "https"}.get(worker.scheme, worker.scheme)
        return self.apps.callback_url or f"{scheme}://{worker.netloc}/api/v1/apps/callback"

    def workspace_of(self, user: str) -> str:
        """The user's workspace directory. `user` must be a checked username."""
        return self.agents.workspace.replace("{user}", user)
