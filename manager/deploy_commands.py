"""`ink deploy …`: render a deployment, see where its values come from, make its keys, and start and stop it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ink_core.errors import InkError
from manager import course_commands
from manager.command_line import err, fail, out

app = typer.Typer(no_args_is_help=True, help="Deployments: rendered from a file of answers, run by a container engine.")
app.add_typer(course_commands.app, name="course")

ProfileName = Annotated[str | None, typer.Option("--profile", help="Shipped profile; default: that of the answers.")]
Extras = Annotated[list[str] | None, typer.Option("--extra", help="Shipped extra or a YAML file; repeatable.")]
Answers = Annotated[Path | None, typer.Option("--answers-file", help="What is particular to the site (YAML).")]
Folder = Annotated[Path, typer.Argument(help="Folder of the rendered deployment.")]


@app.command("render")
def render(
    output_dir: Annotated[Path, typer.Option("--output-dir", help="Folder that is made or brought up to date.")],
    profile: ProfileName = None,
    extra: Extras = None,
    answers_file: Answers = None,
) -> None:
    """Write a deployment, without asking anything. It holds no secret; `ink deploy up` makes those."""
    from deploy.render.layers import choose
    from deploy.render.output import render as write

    try:
        files = write(choose(profile, extra or (), answers_file), output_dir)
    except (InkError, OSError) as error:
        fail(error)
    err.print(f"rendered {len(files)} files into {output_dir}; start it by: {output_dir}/stack up", highlight=False)


@app.command("show")
def show(profile: ProfileName = None, extra: Extras = None, answers_file: Answers = None) -> None:
    """Print the merged deployment, and beside each value the file and line that it comes from."""
    from deploy.render.layers import choose
    from deploy.render.show import shown

    try:
        out.print(shown(choose(profile, extra or (), answers_file).merged), end="", highlight=False, markup=False)
    except InkError as error:
        fail(error)


@app.command("init")
def init(
    folder: Folder,
    rotate: Annotated[list[str] | None, typer.Option(help="A key that is made anew; repeatable.")] = None,
) -> None:
    """Make what keys, certificates, keytabs and accounts are missing. Runs in the init container (`./stack init`)."""
    from datetime import UTC, datetime

    from deploy.init.make import Init, this_container

    try:
        made = Init(folder, this_container(), datetime.now(UTC)).run(frozenset(rotate or ()))
    except (InkError, OSError, KeyError) as error:
        fail(error)
    err.print(f"made: {', '.join(made)}" if made else "all keys are there", highlight=False)


@app.command("homes")
def homes(
    folder: Folder,
    remove: Annotated[bool, typer.Option("--remove", help="Take accounts and homes away.")] = False,
    archive: Annotated[bool, typer.Option("--archive", help="Pack each home before it is deleted.")] = False,
) -> None:
    """Make or take away the system's accounts of a course. Runs in the init container (`./stack course`)."""
    from deploy.init import course
    from deploy.init.make import deployment_in, this_container

    try:
        deployment, place = deployment_in(folder), this_container().homes
        if deployment.course is None:
            fail(InkError("this deployment is for no course; set `course` in the answers and render again"))
        if remove:
            course.remove(deployment.course, folder, place, archive=archive)
        else:
            course.create(deployment.course, folder, place, deployment.accounts.first_uid)
    except (InkError, OSError) as error:
        fail(error)
    for name in deployment.course.names:
        out.print(name, highlight=False)


@app.command("up")
def up(folder: Folder) -> None:
    """Make the keys that are missing, start the containers, and print the address with sign-in links."""
    _stack(folder, "up")


@app.command("down")
def down(
    folder: Folder,
    volumes: Annotated[bool, typer.Option("--volumes", help="Delete what users have in it, too.")] = False,
) -> None:
    """Stop the containers and remove them."""
    _stack(folder, "down", *(["--volumes"] if volumes else []))


@app.command("status")
def status(folder: Folder) -> None:
    """What runs of it."""
    _stack(folder, "status")


def _stack(folder: Path, *words: str) -> None:
    """The deployment's own script, which works without this package."""
    script = folder / "stack"
    if not os.access(script, os.X_OK):
        fail(InkError(f"{folder} holds no rendered deployment; make one by `ink deploy render`"))
    os.execv(script, [str(script), *words])  # noqa: S606 - no shell is asked
