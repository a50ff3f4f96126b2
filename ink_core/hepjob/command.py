"""How every command begins and ends: options as `hepjob` has them, errors in one line, exit code 0 or 1 (2: usage)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from ink_core.hepjob.rest import Failed, Portal, portal


def parser(name: str, does: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog=name, description=does, allow_abbrev=False)


def run(
    options: argparse.ArgumentParser, work: Callable[[Portal, argparse.Namespace], int], argv: Sequence[str] | None
) -> int:
    """The command's exit code."""
    given = options.parse_args(argv)
    try:
        return work(portal(), given)
    except Failed as error:
        print(f"{options.prog}: {error}", file=sys.stderr)
    except BrokenPipeError:  # whoever reads has seen enough
        sys.stderr.close()
    except KeyboardInterrupt:
        return 130
    return 1


def printable(text: str) -> str:
    """Names and commands are what other users wrote: nothing in them moves the cursor of a terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)
