"""What later parts rely on: jobs run as their owner in the worker image, users are kept apart, reading is free."""

from __future__ import annotations

import json
import urllib.request
from subprocess import PIPE, Popen

import pytest

from tests.integration.cluster.dev_cluster import PYTHON, WORKER_IMAGE, DevCluster

pytestmark = [pytest.mark.cluster, pytest.mark.integration]

WORKER = ("/usr/bin/apptainer", "exec", "--contain", "--no-home", "--pid", "--bind", "/scratch/alice:/workspace",
          "--pwd", "/workspace", WORKER_IMAGE)  # fmt: skip
IDLE_OR_RUNNING, HELD = ("1", "2"), "5"  # HTCondor's JobStatus
REPORT = "import os, socket, json, worker_agent; print(json.dumps([os.getuid(), os.getcwd(), socket.gethostname()]))"


def submit(cluster: DevCluster, user: str, executable: str, arguments: str = "", *more: str) -> str:
    """Submit an HTCondor job on the access point; returns its cluster id."""
    settings = [f"executable={executable}", f"arguments={arguments}", "transfer_executable=false", *more]
    out = cluster.exec("portal", ["condor_submit", "-terse", *settings, "-queue", "1"], user)
    return out.split(".")[0]


@pytest.mark.requirement("DEV-CLUSTER-01")
def test_an_htcondor_job_runs_as_its_owner_in_the_worker_image(dev_cluster: DevCluster) -> None:
    folder = dev_cluster.exec("portal", ["mktemp", "-d", "/shared/home/alice/job.XXXX"], "alice").strip()
    arguments = " ".join([*WORKER[1:], "python3", "-I", "-c", f"'{REPORT}'"])
    submit(dev_cluster, "alice", WORKER[0], f'"{arguments}"', f"output={folder}/out", f"log={folder}/log")
    dev_cluster.exec("portal", ["condor_wait", "-wait", "60", f"{folder}/log"], "alice", timeout=90)
    uid, cwd, host = json.loads(dev_cluster.exec("portal", ["cat", f"{folder}/out"], "alice"))
    assert (uid, cwd) == (2001, "/workspace")
    assert host.startswith("node")


@pytest.mark.requirement("DEV-CLUSTER-01")
def test_a_slurm_job_runs_as_its_owner_in_the_worker_image(dev_cluster: DevCluster) -> None:
    srun = ["srun", "--mem=200", *WORKER, "python3", "-I", "-c", REPORT]
    uid, cwd, host = json.loads(dev_cluster.exec("portal", srun, "alice"))
    assert (uid, cwd) == (2001, "/workspace")
    assert host.startswith("node")


@pytest.mark.requirement("DEV-CLUSTER-01")
@pytest.mark.parametrize("user", ["alice", "bob", "admin", "ink"])
def test_every_user_gets_a_token_that_the_slurm_rest_daemon_accepts(dev_cluster: DevCluster, user: str) -> None:
    token = dev_cluster.exec("portal", ["scontrol", "token", "lifespan=60"], user).strip().removeprefix("SLURM_JWT=")
    headers = {"X-SLURM-USER-NAME": user, "X-SLURM-USER-TOKEN": token}
    address = f"http://{dev_cluster.address('cm')}:6820/slurm/v0.0.42/ping"
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=10) as answer:
        assert json.load(answer)["pings"][0]["responding"]


def test_only_owner_and_administrator_act_on_a_job_and_everybody_sees_it(dev_cluster: DevCluster) -> None:
    job = submit(dev_cluster, "alice", "/bin/sleep", "600")
    for stranger in ("bob", "ink"):
        dev_cluster.try_exec("portal", ["condor_rm", job], stranger)
        owner, status = dev_cluster.exec(
            "portal", ["condor_q", "-all", job, "-af", "Owner", "JobStatus"], "ink"
        ).split()
        assert (owner, status in IDLE_OR_RUNNING) == ("alice", True)
    dev_cluster.exec("portal", ["condor_hold", job], "admin")
    assert dev_cluster.exec("portal", ["condor_q", job, "-af", "JobStatus"], "alice").strip() == HELD
    dev_cluster.exec("portal", ["condor_rm", job], "alice")


def test_the_service_identity_cannot_submit_slurm_jobs(dev_cluster: DevCluster) -> None:
    refused = dev_cluster.try_exec("portal", ["sbatch", "--wrap", "id", "--output", "/dev/null"], "ink")
    assert "Invalid account" in refused.stderr


@pytest.mark.parametrize("folder", ["/shared/home/alice", "/scratch/alice"])
def test_homes_and_scratch_are_closed_to_others_and_the_same_on_every_node(
    dev_cluster: DevCluster, folder: str
) -> None:
    made = dev_cluster.exec("node1", ["mktemp", f"{folder}/note.XXXX"], "alice").strip()
    assert made in dev_cluster.exec("portal", ["find", folder, "-path", made], "alice")
    assert dev_cluster.try_exec("portal", ["ls", folder], "bob").returncode != 0
    assert dev_cluster.try_exec("portal", ["ls", folder], "ink").returncode != 0


@pytest.mark.parametrize("user", ["root", "ink", "alice"])
def test_every_user_can_run_the_locked_environment_and_the_checkout(dev_cluster: DevCluster, user: str) -> None:
    program = "import htcondor2, fastapi, manager; print(manager.__file__)"
    assert dev_cluster.exec("portal", [PYTHON, "-I", "-c", program], user).startswith("/opt/ink/src/manager")


def test_no_start_in_a_node_compiles_the_checkout_anew(dev_cluster: DevCluster) -> None:
    imports = "import os, sys, worker_agent.agent, ink_core.compute.agent_pack, ink_core.compute.htcondor.adapter"
    loaded = "[m.__spec__ for n, m in sys.modules.items() if n.startswith(('ink_core.', 'worker_agent.'))]"
    compiled = f"[os.path.exists(spec.cached) for spec in {loaded}]"
    program = f"{imports}; print(len({compiled}) > 20 and all({compiled}))"
    assert dev_cluster.exec("portal", [PYTHON, "-I", "-c", program], "alice") == "True\n"


def test_nobody_can_write_to_the_checkout_from_inside(dev_cluster: DevCluster) -> None:
    assert "Read-only" in dev_cluster.try_exec("portal", ["touch", "/opt/ink/src/planted"]).stderr


@pytest.mark.parametrize("user", ["ink", "alice"])
def test_users_cannot_read_the_secrets_of_the_pool(dev_cluster: DevCluster, user: str) -> None:
    for secret in ("/etc/ink-cluster/secrets/munge", "/etc/condor/passwords.d/POOL", "/etc/slurm/jwt_hs256.key"):
        assert "ermission denied" in dev_cluster.try_exec("cm", ["cat", secret], user).stderr


def test_the_access_point_is_reached_from_the_nodes_by_name_and_from_the_host_by_address(
    dev_cluster: DevCluster,
) -> None:
    server = [PYTHON, "-I", "-u", "-c", SERVER]
    with Popen(dev_cluster.command("portal", server, "ink"), stdout=PIPE, text=True) as process:
        assert process.stdout
        try:
            port = process.stdout.readline().strip()
            assert dev_cluster.exec("node1", ["curl", "-fsS", f"http://portal.pool.test:{port}"], "alice") == "here"
            with urllib.request.urlopen(f"http://{dev_cluster.address('portal')}:{port}", timeout=10) as answer:
                assert answer.read() == b"here"
        finally:
            process.terminate()


SERVER = """
from http.server import BaseHTTPRequestHandler, HTTPServer
class Here(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"here")
server = HTTPServer(("", 0), Here)
print(server.server_port)
server.serve_forever()
"""
