"""Nodes as namespaces: network, start, stop, and commands inside. A node is known by the pid of its first process."""

import os
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from layout import BASE, BRIDGE, CHECKOUT, HERE, HOST_ADDRESS, RUN, USERS
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


def link_of(node: str) -> str:
    """Name of a node's network namespace and of the host's end of its cable."""
    return f"ink-{node}"


def bridge_exists() -> bool:
    return Path("/sys/class/net", BRIDGE).exists()


def make_network(pool: dict[str, str]) -> None:
    run(["ip", "link", "add", BRIDGE, "type", "bridge"], "making the bridge")
    run(["ip", "address", "add", f"{HOST_ADDRESS}/24", "dev", BRIDGE], "giving the bridge its address")
    run(["ip", "link", "set", BRIDGE, "up"], "starting the bridge")
    for node, address in pool.items():
        link = link_of(node)
        run(["ip", "netns", "add", link], f"making the network of {node}")
        run(["ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", link], f"cabling {node}")
        run(["ip", "link", "set", link, "master", BRIDGE, "up"], f"cabling {node}")
        run(["ip", "-n", link, "address", "add", f"{address}/24", "dev", "eth0"], f"addressing {node}")
        run(["ip", "-n", link, "link", "set", "lo", "up"], f"starting the network of {node}")
        run(["ip", "-n", link, "link", "set", "eth0", "up"], f"starting the network of {node}")


def remove_network() -> None:
    for namespace in Path("/run/netns").glob("ink-*"):
        run(["ip", "netns", "delete", namespace.name], f"removing network {namespace.name}")
    for link in Path("/sys/class/net").glob("ink-*"):
        subprocess.run(["ip", "link", "delete", link.name], check=False, capture_output=True)  # may go with its peer
    if bridge_exists():
        run(["ip", "link", "delete", BRIDGE], "removing the bridge")


def start(node: str, services: Sequence[str], root_image: Path) -> None:
    state = RUN / node
    state.mkdir(parents=True, exist_ok=True)
    environment = {"PATH": os.environ["PATH"], "IMAGE": str(root_image), "BASE": str(BASE), "ENVS": str(ENVS),
                   "CHECKOUT": str(CHECKOUT)}  # fmt: skip
    unshare = ["unshare", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "--propagation", "private"]
    argv = ["nsenter", f"--net=/run/netns/{link_of(node)}", *unshare, str(HERE / "node-enter.sh"), node, *services]
    with open(state / "console.log", "wb") as console:
        subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=console, stderr=console, env=environment,
                         cwd="/", start_new_session=True)  # fmt: skip
    wait_until(lambda: first_process(node) is not None, f"{node} starts (see {state}/console.log)", 10)


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
    become = ["setpriv", "--reuid", user, "--regid", str(account.uid), "--init-groups"] if account.uid else []
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
