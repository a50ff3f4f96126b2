#!/usr/bin/env python3
"""The development cluster: real HTCondor, Slurm and Apptainer on one Linux machine, as root.

    cluster.py up [--nodes 2] [--suite sid|trixie] [--services condor,slurm] [--bare]
    cluster.py exec NODE [-u USER] [-d DIR] -- COMMAND...
    cluster.py status [--json]
    cluster.py down
    cluster.py image [--suite sid|trixie] [--bare]      build what `up` takes from the cache, and start nothing

Options left out are those of the cluster that is up, or else the defaults.

Nodes: cm (central manager), portal (access point), node1 … nodeN. See docs/how-to/dev-cluster.md.
"""

import argparse
import json
import os
import signal
import sys
from types import FrameType

import host
import nodes
import pool
from image import root_image
from layout import MAX_NODES, SERVICES, SUITES
from python_env import environment
from steps import ClusterError
from worker_image import worker_image


def main() -> int:
    arguments = _parser().parse_args()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        host.require_root()
        return arguments.action(arguments)
    except ClusterError as error:
        print(f"cluster: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("cluster: interrupted; what had been started was taken down again", file=sys.stderr)
        return 130


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cluster.py", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="bring the cluster up")
    up.add_argument("--nodes", type=_node_count, metavar="N", help="execute nodes (default 2)")
    up.add_argument("--services", type=_services, help="condor, slurm or both (default)")
    up.add_argument("--suite", choices=SUITES, help="Debian suite (default sid)")
    up.add_argument("--bare", action="store_true", default=None, help="schedulers only: no Apptainer, no worker image")
    image = commands.add_parser("image", help="build the cache only")
    image.add_argument("--suite", choices=SUITES, default="sid", help="Debian suite (default sid)")
    image.add_argument("--bare", action="store_true", help="what a bare cluster needs")
    status = commands.add_parser("status", help="what runs, and where")
    status.add_argument("--json", action="store_true")
    execute = commands.add_parser("exec", help="run a command inside a node")
    execute.add_argument("node")
    execute.add_argument("-u", dest="user", default="root")
    execute.add_argument("-d", dest="folder", help="working folder (default: the user's home)")
    execute.add_argument("argv", nargs="+", metavar="COMMAND", help="after --")
    down = commands.add_parser("down", help="take it down and remove its state")
    for command, action in ((up, _up), (image, _image), (status, _status), (execute, _exec), (down, _down)):
        command.set_defaults(action=action)
    return parser


def _node_count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MAX_NODES:
        raise argparse.ArgumentTypeError(f"between 1 and {MAX_NODES} nodes")
    return int(text)


def _services(text: str) -> tuple[str, ...]:
    asked = text.split(",")
    if unknown := sorted(set(asked) - set(SERVICES)):
        raise argparse.ArgumentTypeError(f"unknown service {', '.join(unknown)}; known: {', '.join(SERVICES)}")
    return tuple(service for service in SERVICES if service in asked)


def _prepare_host() -> None:
    host.require_space()
    host.require_tools()


def _up(arguments: argparse.Namespace) -> int:
    _prepare_host()
    with host.only_one():
        asked = {name: getattr(arguments, name) for name in ("nodes", "suite", "services", "bare")}
        pool.up(**{name: value for name, value in asked.items() if value is not None})
    print("up; inside: cluster.py exec portal -u alice -- condor_q", file=sys.stderr)
    return 0


def _image(arguments: argparse.Namespace) -> int:
    _prepare_host()
    with host.only_one():
        root = root_image(arguments.suite, arguments.bare)
        environment(arguments.suite, root)
        if not arguments.bare:
            worker_image(arguments.suite, root)
    return 0


def _down(_arguments: argparse.Namespace) -> int:
    with host.only_one():
        pool.down()
    return 0


def _status(arguments: argparse.Namespace) -> int:
    status = pool.status()
    if arguments.json:
        print(json.dumps(status, indent=2))
    elif not status["up"]:
        print("down, or another checkout's" if "checkout" in status else "down")
    else:
        print(f"up: {status['suite']}, {' and '.join(status['services'])}")
        for machine in status["machines"].values():
            print(f"  {machine['name']:18} {machine['address']}")
    return 0 if status["up"] else 3


def _exec(arguments: argparse.Namespace) -> int:
    argv = nodes.command(arguments.node, arguments.argv, arguments.user, arguments.folder)
    sys.stdout.flush()
    os.execvp(argv[0], argv)


if __name__ == "__main__":
    sys.exit(main())
