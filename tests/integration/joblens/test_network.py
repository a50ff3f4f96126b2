"""Bytes over the network are what the job counted itself, whether or not anything runs at its calls."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from joblens.bpf.probe import Files
from joblens.collector.probes.proc_stat import unseen_waits
from joblens.records import Traffic
from tests.integration.joblens.watching import PYTHON, START_AND_WAIT, Watching, program

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("joblens_bpf")]
TCP = ("tcp_in_all_ways", "tcp_that_ends_in_all_ways", "tcp_of_a_child_and_of_many")
UDP = ("udp_in_all_ways", "udp_many_at_once", "udp_in_threads")


def counted(folder: Path, scheme: str) -> dict[str, tuple[int, int]]:
    peers = json.loads((folder / "counts.json").read_text())[scheme]
    return {f"{scheme}://127.0.0.1:{port}": (received, sent) for port, (received, sent) in peers.items()}


def told(watching: Watching, handle: int, scheme: str) -> dict[str, tuple[int, int]]:
    files = watching.files.get(handle, {})
    peers = {path: file for (traffic, path), file in files.items() if traffic is Traffic.NETWORK}
    return {path: (peer.read_bytes, peer.write_bytes) for path, peer in peers.items() if path.startswith(scheme)}


def in_all(peers: dict[str, tuple[int, int]]) -> tuple[int, int]:
    return sum(received for received, _ in peers.values()), sum(sent for _, sent in peers.values())


@pytest.mark.requirement("LENS-NET-01")
@pytest.mark.requirement("LENS-COST-03")
@pytest.mark.parametrize("files", list(Files))
def test_tcp_is_told_exactly_at_no_cost_for_a_message(tmp_path: Path, files: Files) -> None:
    with Watching(tmp_path, files=files) as watching:
        handle, _ = watching.run(*program("talking.py", tmp_path, *TCP))
        usage, peers = watching.usages[handle], counted(tmp_path, "tcp")
        assert told(watching, handle, "tcp") == peers
        assert (usage.net_rx, usage.net_tx) == in_all(peers)
        assert watching.lost_events == 0


@pytest.mark.requirement("LENS-NET-01")
def test_messages_of_udp_are_told_exactly_with_exact_files(tmp_path: Path) -> None:
    with Watching(tmp_path) as watching:
        handle, _ = watching.run(*program("talking.py", tmp_path, *UDP))
        usage, peers = watching.usages[handle], counted(tmp_path, "udp")
        assert told(watching, handle, "udp") == peers
        assert (usage.net_rx, usage.net_tx) == in_all(peers)
        assert watching.probe.unseen == unseen_waits()


@pytest.mark.parametrize("files", [Files.SAMPLED, Files.OFF])
def test_without_exact_files_it_is_said_that_udp_is_not_seen(tmp_path: Path, files: Files) -> None:
    with Watching(tmp_path, files=files) as watching:
        handle, _ = watching.run(*program("talking.py", tmp_path, *UDP))
        assert (watching.usages[handle].net_rx, watching.usages[handle].net_tx) == (0, 0)
        assert "udp" in watching.probe.unseen


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler here")
@pytest.mark.requirement("LENS-NET-01")
def test_what_io_uring_sends_and_receives_is_told(tmp_path: Path) -> None:
    program, ports = tmp_path / "ring", tmp_path / "ports"
    subprocess.run(["cc", "-o", program, Path(__file__).with_name("ring.c")], check=True, timeout=60)
    if subprocess.run([program, ports], timeout=60).returncode == 77:
        pytest.skip("this kernel gives no io_uring")
    with Watching(tmp_path) as watching:
        handle, _ = watching.run(program, ports)
        receiver, sender, listener, client = (f"127.0.0.1:{port}" for port in ports.read_text().split())
        assert told(watching, handle, "udp") == {f"udp://{receiver}": (0, 40), f"udp://{sender}": (40, 0)}
        assert told(watching, handle, "tcp") == {f"tcp://{listener}": (0, 5000), f"tcp://{client}": (5000, 0)}


def test_a_message_of_a_thread_that_goes_on_is_told_at_the_next_reading(tmp_path: Path) -> None:
    talk = (
        "import socket\none = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\none.bind(('127.0.0.1', 0))\n"
        "one.connect(one.getsockname())\none.send(b'u' * 77)\nprint(one.getsockname()[1], flush=True)\ninput()"
    )
    with Watching(tmp_path) as watching:
        argv = [watching.starter, "-I", "-S", "-c", START_AND_WAIT, PYTHON, talk]
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as starter:
            assert starter.stdout
            peer = f"udp://127.0.0.1:{starter.stdout.readline().strip()}"
            watching.until(lambda: watching.found)
            (handle,) = watching.found
            watching.read()
            assert told(watching, handle, "udp") == {peer: (0, 77)}
            assert watching.usages[handle].net_tx == 77
            starter.communicate("\n", timeout=60)


def test_a_connection_that_a_job_was_given_counts_from_when_it_is_seen(tmp_path: Path) -> None:
    talk = (
        "import socket, sys\nwith socket.socket(fileno=int(sys.argv[1])) as given:\n given.sendall(b'before')\n"
        " print('ready', flush=True)\n input()\n given.sendall(b'a' * 1000)\n given.recv(300)\n"
        " print('done', flush=True)\n input()"
    )
    with (
        Watching(tmp_path, files=Files.OFF) as watching,
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
        server.accept()[0] as far,
    ):
        far.sendall(b"b" * 300)
        argv = [watching.starter, "-I", "-S", "-c", START_AND_WAIT, PYTHON, talk, str(client.fileno())]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(argv, pass_fds=[client.fileno()], **pipes) as starter:
            assert starter.stdin and starter.stdout and starter.stdout.readline() == "ready\n"
            watching.until(lambda: watching.found)
            watching.read()
            print(file=starter.stdin, flush=True)
            assert starter.stdout.readline() == "done\n"
            watching.read()
            (handle,) = watching.found
            assert told(watching, handle, "tcp") == {f"tcp://127.0.0.1:{server.getsockname()[1]}": (300, 1000)}
            starter.communicate("\n", timeout=60)
