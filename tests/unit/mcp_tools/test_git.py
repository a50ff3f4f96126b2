"""Git over a real repository, and over hostile ones: whatever they name, git runs nothing of it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from ink_core.errors import BadInput, Conflict, InkError
from mcp_tools.context import AgentStatus
from mcp_tools.doubles import MemoryLauncher
from tests.unit.mcp_tools.conftest import WORKER, Centre

pytestmark = pytest.mark.requirement("TOOLS-GIT-01")


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """Made by whatever of a hostile repository is run."""
    return tmp_path / "was-run"


@pytest.fixture
def repository(centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    path = centre.home / "project"
    path.mkdir()
    git(path, "init", "-q", "-b", "main")
    (path / "a.py").write_text("x = 1\n")
    git(path, "add", ".")
    git(path, "-c", "user.name=Al", "-c", "user.email=al@site", "commit", "-q", "-m", "first")
    (path / "a.py").write_text("x = 2\n")
    (path / "new.py").write_text("y = 1\n")
    return path


def git(repository: Path, *arguments: str) -> str:
    ran = subprocess.run(["git", *arguments], cwd=repository, check=True, capture_output=True, text=True)
    return ran.stdout


async def look(centre: Centre, action: str, **more: Any) -> str:
    return (await centre.run("git_look", action=action, repository="project", **more))["output"]


async def test_status_changes_history_and_a_commit_are_seen(centre: Centre, repository: Path) -> None:
    assert "# branch.head main" in await look(centre, "status") and "? new.py" in await look(centre, "status")
    assert "-x = 1\n+x = 2\n" in await look(centre, "diff")
    assert (await look(centre, "diff", staged=True), await look(centre, "diff", paths=["new.py"])) == ("", "")
    assert "Al: first" in await look(centre, "log")
    assert "+x = 1" in await look(centre, "show", revision="HEAD")
    assert await look(centre, "show", revision="HEAD:a.py") == "x = 1\n"


@pytest.mark.parametrize("user", ["configured", "unknown"])
async def test_a_commit_takes_the_files_that_are_named_and_the_users_identity(
    centre: Centre, repository: Path, user: str
) -> None:
    if user == "configured":
        git(repository, "config", "user.name", "Alice")
        git(repository, "config", "user.email", "alice@site")
    (repository / "other.py").write_text("z = 1\n")
    wanted = {"repository": "project", "message": "# second\n\nwith more", "paths": ["a.py", "new.py"]}
    assert "2 paths in project: # second" in (await centre.preview("git_commit", **wanted)).summary
    made = await centre.run("git_commit", **wanted)
    assert git(repository, "log", "-1", "--format=%H %B").strip() == f"{made['commit']} # second\n\nwith more"
    author = {"configured": "Alice <alice@site>", "unknown": "alice <alice@localhost>"}[user]
    assert git(repository, "log", "-1", "--format=%an <%ae>").strip() == author
    assert git(repository, "status", "--porcelain").split() == ["??", "other.py"]
    with pytest.raises(Conflict, match="git commit failed"):
        await centre.run("git_commit", **wanted)


async def test_a_removed_file_is_committed_as_removed(centre: Centre, repository: Path) -> None:
    (repository / "a.py").unlink()
    await centre.run("git_commit", repository="project", message="gone", paths=["a.py"])
    assert git(repository, "ls-tree", "--name-only", "HEAD") == ""


def program(mark: Path, path: Path) -> str:
    path.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    path.chmod(0o755)
    return str(path)


HOOKS = ("pre-commit", "post-commit", "commit-msg", "prepare-commit-msg", "post-index-change", "reference-transaction")
SETTINGS = (
    "core.fsmonitor", "core.pager", "core.editor", "diff.external", "diff.bad.textconv", "diff.bad.command",
    "gpg.program", "pager.log", "pager.diff", "core.sshCommand", "alias.status",
)  # fmt: skip


async def everything(centre: Centre) -> None:
    for action in ("status", "diff", "log", "show"):
        await look(centre, action)
    await centre.run("git_commit", repository="project", message="m", paths=["a.py", "new.py"])


async def test_no_hook_of_a_repository_is_run(centre: Centre, repository: Path, mark: Path) -> None:
    for name in HOOKS:
        program(mark, repository / ".git" / "hooks" / name)
    await everything(centre)
    assert not mark.exists()


async def test_no_program_that_a_repository_names_is_run(centre: Centre, repository: Path, mark: Path) -> None:
    script = program(mark, repository.parent / "evil")
    for key in SETTINGS:
        git(repository, "config", key, script)
    for key in ("commit.gpgSign", "log.showSignature", "status.submoduleSummary"):
        git(repository, "config", key, "true")
    (repository / ".gitattributes").write_text("*.py diff=bad\n")
    await everything(centre)
    assert not mark.exists()


@pytest.mark.parametrize("key", ["filter.bad.clean", "filter.odd name.process", "Filter.bad.SMUDGE", "core.worktree"])
@pytest.mark.parametrize("where", ["itself", "an included file"])
async def test_a_repository_that_names_a_filter_or_another_place_is_refused_by_the_keys_name(
    centre: Centre, repository: Path, mark: Path, key: str, where: str
) -> None:
    script = program(mark, repository.parent / "evil")
    (repository / ".gitattributes").write_text("*.py filter=bad\n")
    if where == "itself":
        git(repository, "config", key, script)
    else:
        git(repository, "config", "--file", str(repository.parent / "more"), key, script)
        git(repository, "config", "include.path", str(repository.parent / "more"))
    for tool, arguments in (("git_look", {"action": "status"}), ("git_commit", {"message": "m", "paths": ["a.py"]})):
        with pytest.raises(BadInput, match="the configuration of project sets"):
            await centre.run(tool, repository="project", **arguments)
    assert not mark.exists()


async def test_no_repository_above_the_workspace_and_no_option_as_a_revision_is_taken(
    centre: Centre, tmp_path: Path
) -> None:
    git(tmp_path, "init", "-q")
    launcher = centre.context.services.launcher
    assert isinstance(launcher, MemoryLauncher)
    place = (WORKER, "alice", "execute", "ready", "pool", "1.0", None, str(centre.workspace))
    launcher.agents[WORKER] = AgentStatus(*place)
    with pytest.raises(Conflict, match="not a git repository"):
        await centre.of("alice", worker_id=WORKER).run("git_look", action="status")
    for revision in ("--output=x", "-p", "a b", "$(id)"):
        with pytest.raises(BadInput, match="revision"):
            await centre.resolve("git_look", action="diff", revision=revision)


async def test_a_signature_is_not_checked_by_a_program_that_the_repository_names(
    centre: Centre, repository: Path, mark: Path
) -> None:
    """Its configuration may ask for one in the form in which a commit is shown."""
    script = program(mark, repository.parent / "evil")
    commit = git(repository, "cat-file", "commit", "HEAD")
    signed = commit.replace("\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n x\n -----END PGP SIGNATURE-----\n\n", 1)
    (repository / "signed").write_text(signed)
    made = git(repository, "hash-object", "-t", "commit", "-w", "signed").strip()
    git(repository, "update-ref", "HEAD", made)
    for key in ("gpg.program", "gpg.openpgp.program", "gpg.ssh.program", "gpg.x509.program"):
        git(repository, "config", key, script)
    git(repository, "config", "format.pretty", "%H %G?")
    git(repository, "config", "pretty.medium", "%G?")
    await everything(centre)
    await look(centre, "show", revision="HEAD~1")
    assert not mark.exists()


@pytest.mark.parametrize("url", ["ext::EVIL", "/nowhere"])
async def test_an_object_that_is_missing_is_fetched_from_nowhere(
    centre: Centre, repository: Path, mark: Path, url: str
) -> None:
    script = program(mark, repository.parent / "evil")
    settings = {
        "core.repositoryFormatVersion": "1", "extensions.partialClone": "there", "remote.there.promisor": "true",
        "remote.there.url": url.replace("EVIL", script), "remote.there.uploadpack": script,
        "protocol.ext.allow": "always", "protocol.file.allow": "always",
    }  # fmt: skip
    missing = git(repository, "rev-parse", "HEAD:a.py").strip()
    (repository / ".git" / "objects" / missing[:2] / missing[2:]).unlink()
    for key, value in settings.items():
        git(repository, "config", key, value)
    for action in ("show", "diff"):
        with pytest.raises(Conflict):
            await look(centre, action)
    assert not mark.exists()


async def test_a_configuration_too_long_to_be_looked_at_is_refused(
    centre: Centre, repository: Path, mark: Path
) -> None:
    script = program(mark, repository.parent / "evil")
    (repository / ".gitattributes").write_text("*.py filter=bad\n")
    with (repository / ".git" / "config").open("a") as config:
        config.write("[long]\n" + f"  key = {'x' * 1000}\n" * 400)
        config.write(f'[filter "bad"]\n  clean = {script}\n[long]\n' + f"  key = {'x' * 1000}\n" * 400)
    for tool, arguments in (("git_look", {"action": "status"}), ("git_commit", {"message": "m", "paths": ["a.py"]})):
        with pytest.raises(Conflict, match="configuration of project is too long"):
            await centre.run(tool, repository="project", **arguments)
    assert not mark.exists()


async def test_no_filter_of_a_repository_inside_the_repository_is_run(
    centre: Centre, repository: Path, mark: Path
) -> None:
    script = program(mark, repository.parent / "evil")
    inner = repository / "inner"
    inner.mkdir()
    git(inner, "init", "-q")
    (inner / ".gitattributes").write_text("* filter=bad\n")
    (inner / "b").write_text("1\n")
    git(inner, "add", ".")
    git(inner, "-c", "user.name=Al", "-c", "user.email=al@site", "commit", "-q", "-m", "m")
    git(repository, "add", "inner")
    git(repository, "-c", "user.name=Al", "-c", "user.email=al@site", "commit", "-q", "-m", "inner", "inner")
    git(inner, "config", "filter.bad.clean", script)
    (inner / "b").write_text("2\n")
    for action in ("status", "diff", "log", "show"):
        await look(centre, action)
    for paths in (["."], ["inner"]):
        with pytest.raises(BadInput, match="inner is a repository of its own"):
            await centre.run("git_commit", repository="project", message="m", paths=paths)
    await centre.run("git_commit", repository="project", message="m", paths=["a.py"])
    assert not mark.exists()


@pytest.mark.parametrize("place", ["no repository", "a repository"])
async def test_no_file_outside_the_workspace_is_compared(centre: Centre, repository: Path, place: str) -> None:
    """Git compares any two files where one of them is in no repository."""
    secret = centre.home.parent / "secret"
    secret.mkdir()
    (secret / "key").write_text("sesame\n")
    if place == "no repository":
        (repository / ".git").rename(repository / "git")
    (repository / "link").symlink_to(secret)
    (repository / "empty").touch()
    for name in (str(secret / "key"), "../../secret/key", "link/key"):
        for second in ("/dev/null", "empty"):
            try:
                said = await look(centre, "diff", paths=[name, second])
            except InkError as refused:
                said = str(refused)
            assert "sesame" not in said
