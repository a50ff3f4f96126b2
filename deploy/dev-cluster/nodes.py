"""Nodes as namespaces: network, start, stop, and commands inside. A node is known by the pid of its first process."""

import os
import signal
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from layout import BASE, BRIDGE, CHECKOUT, HERE, HOST_ADDRESS, MAX_NODES, RUN, USERS, addresses
from python_env import ENVS
from steps import ClusterError, run, wait_until

PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"


@dataclass(frozen=True)
class Process:
    """A process that is still the one that was recorded: a pid alone may have been given to another."""

    pid: int
    started: int

    def alive(self) -> bool:
        try:
            stat = Path(f"/proc/{self.pid}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return False
        state, *fields = stat.rpartition(")")[2].split()
        return state != "Z" and int(fields[18]) == self.started


def first_process(node: str) -> Process | None:
    try:
        pid, started = (RUN / node / "pid").read_text().split()
    except FileNotFoundError:
        return None
    process = Process(int(pid), int(started))
    return process if process.alive() else None


def bridge_exists() -> bool:
    return BRIDGE in _links()


def make_bridge() -> None:
    run(["ip", "link", "add", BRIDGE, "type", "bridge"], "making the bridge")
    run(["ip", "address", "add", f"{HOST_ADDRESS}/24", "dev", BRIDGE], "giving the bridge its address")
    run(["ip", "link", "set", BRIDGE, "up"], "starting the bridge")


def remove_network() -> None:
    """Remove bridge and cables, as far as there are any; the nodes' own ends went with the nodes."""
    for link in [*map(_cable, addresses(MAX_NODES)), BRIDGE]:
        if link in _links():  # a cable may go by itself at this moment
            subprocess.run(["ip", "link", "delete", link], check=False, capture_output=True)


def start(node: str, address: str, services: Sequence[str], root_image: Path) -> None:
    state = RUN / node
    state.mkdir(parents=True, exist_ok=True)
    facts = {"IMAGE": root_image, "BASE": BASE, "ENVS": ENVS, "CHECKOUT": CHECKOUT, "ADDRESS": address}
    apart = ["--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "--propagation", "private"]
    with open(state / "console.log", "wb") as console:
        process = subprocess.Popen(
            ["unshare", *apart, str(HERE / "node-enter.sh"), node, *services],
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=console,
            env={"PATH": os.environ["PATH"]} | {name: str(value) for name, value in facts.items()},
            cwd="/",
            start_new_session=True,
        )
    try:
        wait_until(lambda: first_process(node) is not None, f"{node} starts (see {state}/console.log)", 10)
    except BaseException:
        process.kill()  # not recorded yet, so `stop` would not find it
        raise
    _connect(node)


def _connect(node: str) -> None:
    """Lay a cable from the bridge into the network namespace of a node, which waits for it."""
    process, cable = first_process(node), _cable(node)
    if process is None:
        raise ClusterError(f"{node} ended as soon as it had started")
    peer = ["peer", "name", "eth0", "netns", str(process.pid)]
    run(["ip", "link", "add", cable, "type", "veth", *peer], f"cabling {node}")
    run(["ip", "link", "set", cable, "master", BRIDGE, "up"], f"cabling {node}")


def _cable(node: str) -> str:
    return f"ink-{node}"


def _links() -> set[str]:
    return {name for _, name in socket.if_nameindex()}


def stop(nodes: Sequence[str]) -> None:
    """End the nodes' first processes; the kernel ends all others in the same namespaces."""
    processes = [process for node in nodes if (process := first_process(node))]
    for process in processes:
        os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: not any(process.alive() for process in processes), "The nodes end", 20)


def recorded() -> list[str]:
    return sorted(path.name for path in RUN.iterdir()) if RUN.exists() else []


def command(node: str, argv: Sequence[str], user: str = "root", folder: str | None = None) -> list[str]:
    """The host command line that runs `argv` inside a node as a user, with a clean environment."""
    process = first_process(node)
    if process is None:
        raise ClusterError(
            f"No node {node!r} is running; the nodes are: {', '.join(recorded()) or 'none, start with up'}"
        )
    if user not in USERS:
        raise ClusterError(f"No user {user!r} in the cluster; the users are: {', '.join(USERS)}")
    account = USERS[user]
    become = ["setpriv", "--pdeathsig", "TERM"]  # the command ends when its entry on this side does
    become += ["--reuid", user, "--regid", str(account.uid), "--init-groups"] if account.uid else []
    variables = [f"PATH={PATH}", f"HOME={account.home}", f"USER={user}", f"LOGNAME={user}", "LC_ALL=C.UTF-8"]
    variables.append(f"TERM={os.environ.get('TERM', 'xterm')}")
    enter = ["nsenter", "-t", str(process.pid), "-m", "-u", "-i", "-n", "-p", "-r", "-w", "--"]
    return [*enter, *become, "env", "-i", "-C", folder or account.home, *variables, *argv]


def execute(node: str, argv: Sequence[str], user: str = "root", timeout: float = 10) -> tuple[int, str]:
    """Exit code and output of a short command inside a node; a code of 124 where it did not end in time."""
    try:
        done = subprocess.run(command(node, argv, user), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=timeout, check=False)  # fmt: skip
    except subprocess.TimeoutExpired:
        return 124, ""
    return done.returncode, done.stdout
