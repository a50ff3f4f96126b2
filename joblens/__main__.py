"""`python -m joblens collect [--config FILE] [--check]`: the collector, as root, on every node.

An entry of its own beside the command `ink`, because the collector holds at most 40 MB and imports nothing of the rest.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from ink_core.errors import InkError
from joblens.collector.config import DEFAULT_FILE, Config, read_config


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code: 0 after a signal, 1 where something is missing, 2 where the command line or a setting is wrong."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        config = read_config(arguments.config) if arguments.config or DEFAULT_FILE.exists() else Config()
        _check(config) if arguments.check else _collect(config)
    except InkError as error:
        print(f"joblens: {error}", file=sys.stderr)
        return 2 if error.http_status == 422 else 1
    except OSError as error:
        print(f"joblens: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="joblens", description="Per-job observability: what runs on a node.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    collect = commands.add_parser("collect", help="observe the jobs of this host until a signal comes")
    collect.add_argument(
        "--config", type=Path, metavar="FILE", help=f"settings (TOML); {DEFAULT_FILE} where there is one"
    )
    collect.add_argument("--check", action="store_true", help="read the settings, say what is wrong, collect nothing")
    return parser


def _check(config: Config) -> None:
    """The token's file is not looked for: where systemd hands it on, it is there in the service alone."""
    from joblens.collector.delivery.manager_link import ManagerLink

    ManagerLink(config.manager_url, Path(config.token_file), config.ca_file)
    print(f"joblens: these settings can be used; {config.host_name} would report to {config.manager_url}.")


def _collect(config: Config) -> None:
    from joblens.collector.compose import collect

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    collect(config, stop)


if __name__ == "__main__":
    sys.exit(main())
