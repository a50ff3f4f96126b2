"""Git in the workspace: look at a repository, and commit files of it. Same places as `files`.

A repository can name programs that git runs by itself: hooks, filters, pagers, file-system monitors, external diffs.
None of them is run here: what can be switched off is, and a repository whose own configuration names a filter, or a
working tree elsewhere, is refused with the key's name. Nothing goes over the network, not even for missing objects.

Limits: the configuration is looked at just before git runs. Of the user's own configuration only the identity counts,
so files that a filter in it stores elsewhere (git-lfs) look changed. Submodules are left out. Objects may be read from
another repository of the user's that a `.git` file or `alternates` name.
"""

from __future__ import annotations

import os
import re
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, Field, JsonValue

from ink_core.errors import BadInput, Conflict
from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.file_changes import preview_of
from mcp_tools.processes import OUTPUT_LABEL
from mcp_tools.result_labels import of_programs
from mcp_tools.spec import Preview, Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import ask_agent, from_home, look_at_agent
from mcp_tools.workspace import base_directory
from worker_agent import protocol

TIMEOUT_S = 60.0
OUTPUT_BYTES = 256 * 1024
REVISION = r"^[A-Za-z0-9_./@^~{}:][A-Za-z0-9_./@^~{}:-]*$"
RUNS_CODE = re.compile(r"filter\..*\.(clean|smudge|process)|core\.worktree", re.IGNORECASE | re.DOTALL)
THE_USERS_OWN = frozenset({"global", "system", "command"})
OFF = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.pager": "cat",
    "core.editor": "false",
    "core.attributesFile": "/dev/null",
    "commit.gpgSign": "false",
    "gpg.program": "false",
    "gpg.openpgp.program": "false",
    "gpg.x509.program": "false",
    "gpg.ssh.program": "false",
    "rerere.enabled": "false",
    "log.showSignature": "false",
    "status.submoduleSummary": "false",
    "submodule.recurse": "false",
    "credential.helper": "",
    "gc.auto": "0",
    "maintenance.auto": "false",
}
PLAIN = ("--no-ext-diff", "--no-textconv", "--ignore-submodules=all")
SUBMODULE = "160000"
"""Mode of one in the index."""


def _inside(path: str) -> str:
    """Git compares files anywhere, where one is in no repository."""
    if path.startswith("/") or ".." in path.split("/"):
        raise ValueError("paths begin at the repository and stay in it")
    return path


GitPath = Annotated[str, AfterValidator(_inside)]


class GitLook(ToolValue):
    action: Literal["status", "diff", "log", "show"]
    repository: str = Field(default=".", max_length=4096)
    revision: str | None = Field(default=None, max_length=200, pattern=REVISION)
    paths: tuple[GitPath, ...] = Field(default=(), max_length=100)
    staged: bool = False


class GitOutput(ToolValue):
    output: str
    truncated: bool


class GitCommit(ToolValue):
    message: str = Field(min_length=1, max_length=20_000)
    paths: tuple[GitPath, ...] = Field(min_length=1, max_length=1000, description="From the repository.")
    repository: str = Field(default=".", max_length=4096)


class Committed(ToolValue):
    commit: str
    summary: str


class Repository(NamedTuple):
    """Where git runs, and as whom it commits."""

    directory: str
    name: str
    email: str


async def _look(context: ToolContext, asked: GitLook) -> GitOutput:
    repository = await _repository(context, asked.repository)
    ended = await _git(context, repository, *_looking(asked))
    return GitOutput(output=ended.stdout, truncated=ended.truncated)


def _looking(asked: GitLook) -> list[str]:
    revision = [asked.revision] if asked.revision else []
    beginning = {
        "status": ["status", "--porcelain=v2", "--branch", "--ignore-submodules=all"],
        "diff": ["diff", *PLAIN, *(["--cached"] if asked.staged else []), *revision],
        "log": ["log", "--no-show-signature", "--format=%h %ad %an: %s", "--date=iso-strict", "-n50", *revision],
        "show": ["show", *PLAIN, "--no-show-signature", "--format=medium", *revision],
    }
    return [*beginning[asked.action], "--", *asked.paths]


async def _commit(context: ToolContext, asked: GitCommit) -> Committed:
    """Run again it finds nothing to commit."""
    repository = await _repository(context, asked.repository)
    await _check_submodules(context, repository, asked)
    await _git(context, repository, "add", "--all", "--", *asked.paths)
    arguments = ("commit", "--no-verify", "--no-gpg-sign", "--quiet", "--only", "--file=-", "--", *asked.paths)
    await _git(context, repository, *arguments, stdin=asked.message, is_operation=True)
    made = await _git(context, repository, "show", "--no-patch", "--no-show-signature", "--format=%H %s")
    commit, _, summary = made.stdout.strip().partition(" ")
    return Committed(commit=commit, summary=summary)


async def _check_submodules(context: ToolContext, repository: Repository, asked: GitCommit) -> None:
    """Git would look into each by itself, with the filters of its configuration. Raises `BadInput`."""
    listed = await _git(context, repository, "ls-files", "--stage", "--abbrev=4", "-z", "--", *asked.paths)
    if listed.truncated:
        raise BadInput("git: there are too many files below these paths; name fewer of them")
    for mode, path in (entry.split(" ", 1) for entry in listed.stdout.split("\0") if entry):
        if mode == SUBMODULE:
            name = path.partition("\t")[2]
            raise BadInput(f"git: {name} is a repository of its own; name the paths to commit without it")


async def _preview_commit(context: ToolContext, asked: GitCommit) -> Preview:
    first = asked.message.splitlines()[0] if asked.message.strip() else ""
    summary = f"Commit {len(asked.paths)} paths in {asked.repository}: {first[:200]}"
    targets = (os.path.join(asked.repository, path) for path in asked.paths)
    return preview_of(context, summary, *targets)


async def _repository(context: ToolContext, named: str) -> Repository:
    """Raises `BadInput` for one that would make git run what it names, `Conflict` where there is none."""
    directory = from_home(named)
    listing = ("config", "--list", "--null", "--show-scope", "--includes")
    ended = await _run(context, directory, ["git", *listing], {})
    _check(ended, "its configuration cannot be read")
    if ended.truncated:
        raise Conflict(f"git: the configuration of {named} is too long to be looked at")
    settings = _settings(ended.stdout)
    for scope, key, _ in settings:
        if scope not in THE_USERS_OWN and RUNS_CODE.fullmatch(key):
            raise BadInput(
                f"git: the configuration of {named} sets {key}, by which git would run a program or leave the "
                "workspace; use run_command if you trust it"
            )
    values = {key.lower(): value for _, key, value in settings}
    name = values.get("user.name") or context.acting_as
    repository = Repository(directory, name, values.get("user.email") or f"{context.acting_as}@localhost")
    await _git(context, repository, "rev-parse", "--git-dir")
    return repository


def _settings(listed: str) -> list[tuple[str, str, str]]:
    """(scope, key, value) of `git config --list --null --show-scope`: scope NUL key LF value NUL."""
    fields = listed.split("\0")[:-1]
    pairs = zip(fields[::2], fields[1::2], strict=False)
    return [(scope, *_key_and_value(setting)) for scope, setting in pairs]


def _key_and_value(setting: str) -> tuple[str, str]:
    key, _, value = setting.partition("\n")
    return key, value


async def _git(
    context: ToolContext, repository: Repository, *arguments: str, stdin: str = "", is_operation: bool = False
) -> protocol.ProcessEnded:
    """Raises `Conflict` with what git says."""
    off = [word for key, value in OFF.items() for word in ("-c", f"{key}={value}")]
    argv = ["git", "--no-pager", "--literal-pathspecs", *off, *arguments]
    environment = {
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_AUTHOR_NAME": repository.name,
        "GIT_AUTHOR_EMAIL": repository.email,
        "GIT_COMMITTER_NAME": repository.name,
        "GIT_COMMITTER_EMAIL": repository.email,
    }
    ended = await _run(context, repository.directory, argv, environment, stdin, is_operation=is_operation)
    _check(ended, f"git {arguments[0]} failed")
    return ended


async def _run(
    context: ToolContext,
    directory: str,
    argv: list[str],
    environment: dict[str, str],
    stdin: str = "",
    *,
    is_operation: bool = False,
) -> protocol.ProcessEnded:
    wanted = protocol.ProcessRun(
        argv=tuple(argv),
        cwd=directory,
        environment={**_surroundings(context), **environment},
        stdin=stdin,
        timeout_s=TIMEOUT_S,
        output_limit=OUTPUT_BYTES,
    )
    arguments: dict[str, JsonValue] = wanted.model_dump(mode="json")
    ask = ask_agent if is_operation else look_at_agent
    return protocol.ProcessEnded.model_validate(await ask(context, "process.run", arguments))


def _surroundings(context: ToolContext) -> dict[str, str]:
    """Git asks nobody anything, and looks for the repository no further up than the workspace."""
    return {
        "GIT_CEILING_DIRECTORIES": os.path.dirname(base_directory(context).rstrip("/")) or "/",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": "",  # it overrides what a repository allows
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_ATTR_NOSYSTEM": "1",
        "LC_ALL": "C.UTF-8",
    }


def _check(ended: protocol.ProcessEnded, what: str) -> None:
    if ended.timed_out:
        raise Conflict(f"git: {what}: it took longer than {TIMEOUT_S:.0f} s")
    if ended.exit_code != 0:
        said = (ended.stderr or ended.stdout).strip()
        raise Conflict(f"git: {what}: {said[:1000] or f'it ended with {ended.exit_code}'}")


TOOLS = (
    ToolSpec(
        name="git_look",
        title="Look at a git repository",
        description="Status, changes, history or a commit of a repository in the workspace.",
        input=GitLook,
        output=GitOutput,
        risk=Risk.READ,
        scopes=frozenset({Scope.AGENT_USE, Scope.FILES_READ}),
        runs_on=RunsOn.EXECUTE,
        idempotent=True,
        timeout_s=4 * TIMEOUT_S,
        label=OUTPUT_LABEL,
        confidentiality_of=of_programs,
        run=_look,
    ),
    ToolSpec(
        name="git_commit",
        title="Commit to a git repository",
        description="Commit files as they are now; hooks are not run.",
        input=GitCommit,
        output=Committed,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.AGENT_USE, Scope.FILES_WRITE}),
        runs_on=RunsOn.EXECUTE,
        idempotent=True,
        timeout_s=4 * TIMEOUT_S,
        label=OUTPUT_LABEL,
        confidentiality_of=of_programs,
        content=frozenset({"message"}),
        run=_commit,
        preview=_preview_commit,
    ),
)
