"""HTCondor and Slurm on the nodes: what runs where, and when it is ready."""

import nodes
from layout import DOMAIN, PEOPLE

ROLES = {  # node: services by what was asked for; the order matters
    "cm": {"condor": ["condor"], "slurm": ["munge", "mariadb", "slurmdbd", "slurmctld", "slurmrestd"]},
    "portal": {"condor": ["condor"], "slurm": ["munge", "slurmclient"]},
    "node": {"condor": ["condor"], "slurm": ["munge", "slurmd"]},
}


def services_of(node: str, asked: tuple[str, ...]) -> list[str]:
    role = ROLES.get(node, ROLES["node"])
    return [name for service in asked for name in role[service]]


def condor_ready(count: int) -> bool:
    code, output = nodes.execute("cm", ["condor_status", "-any", "-af", "MyType"])
    kinds = output.split()
    return code == 0 and kinds.count("Slot") + kinds.count("Machine") >= count and "Scheduler" in kinds


def introduce_people() -> None:
    """Make the schedd know its users: to one without a record it denies everything, to a super user too.

    HTCondor 23 makes a record at the first job only, so that one is submitted there, on hold, and removed.
    """
    nodes.execute("portal", ["condor_qusers", "-add", *PEOPLE])
    known = nodes.execute("portal", ["condor_qusers", "-af", "User"])[1]
    for user in PEOPLE:
        if f"{user}@{DOMAIN}" not in known.split():
            first = ["executable=/bin/true", "transfer_executable=false", "hold=true"]
            nodes.execute("portal", ["condor_submit", *first, "-queue", "1"], user)
            nodes.execute("portal", ["condor_rm", user], user)


def slurm_ready(count: int) -> bool:
    code, output = nodes.execute("portal", ["sinfo", "-h", "-t", "idle", "-o", "%D"])
    if code or output.strip() != str(count):
        return False
    argv = ["curl", "-s", "-o", "/dev/null", "http://cm.pool.test:6820/openapi/v3"]
    return nodes.execute("portal", argv)[0] == 0
