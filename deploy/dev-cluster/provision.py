"""What the nodes find when they start: configuration and secrets, shared folders, environment and worker image."""

import os
import shutil
from pathlib import Path

from layout import CONFIG, DOMAIN, HOST_ADDRESS, OPT, PEOPLE, SCRATCH, SHARED, USERS, execute_nodes
from python_env import ENVS

SECRETS = {"condor": 64, "munge": 64, "jwt": 32}  # bytes


def write_config(pool: dict[str, str], count: int) -> None:
    CONFIG.mkdir(mode=0o700)
    lines = ["127.0.0.1 localhost", f"{HOST_ADDRESS} host.{DOMAIN} host"]
    lines += [f"{address} {node}.{DOMAIN} {node}" for node, address in pool.items()]
    (CONFIG / "hosts").write_text("\n".join(lines) + "\n")
    names = ",".join(execute_nodes(count))
    (CONFIG / "slurm-nodes.conf").write_text(
        f"NodeName={names} CPUs=64 Boards=1 SocketsPerBoard=1 CoresPerSocket=64 ThreadsPerCore=1 RealMemory=200000\n"
        f"PartitionName=main Nodes={names} Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO\n"
    )
    secrets = CONFIG / "secrets"
    secrets.mkdir(mode=0o700)
    for name, size in SECRETS.items():
        (secrets / name).write_bytes(os.urandom(size))


def make_shared() -> None:
    for folder in (SHARED / "home", SHARED / "ink", SCRATCH, OPT / "src", OPT / "envs"):
        folder.mkdir(parents=True)
    for user in PEOPLE:
        for folder in (SHARED / "home" / user, SCRATCH / user):
            folder.mkdir(mode=0o700)
            os.chown(folder, USERS[user].uid, USERS[user].uid)


def publish(env: Path, worker: Path | None) -> None:
    """Put environment and image where the nodes look, by renaming: what runs keeps the old one."""
    link = OPT / "env.new"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("/opt/ink/envs") / env.relative_to(ENVS))
    link.replace(OPT / "env")
    if worker is None:
        return
    image = SHARED / "ink" / "worker.sif"
    draft = image.with_suffix(".new")
    shutil.copyfile(worker, draft)
    draft.chmod(0o644)
    draft.replace(image)
