"""DAGs by DAGMan, which runs as a job of its user and submits those of the nodes when their time has come.

What it reads lies in a directory of that user's, one for each DAG; it also leaves its log and, where nodes failed, its
rescue file there. The description of the DAG and those of its nodes are written here: nothing in them is a user's own
text in DAGMan's language.

Limits: the directories of the latest DAGs are kept, and of those that DAGMan has not done with.
"""

from __future__ import annotations

import os
import pwd
import shutil
from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path

from ink_core.compute.dag import Dag, DagNode, SubmittedDag, dag_id_of, naming
from ink_core.compute.htcondor.ads import DAG_NODES, OPERATION_ID, dag_nodes_text
from ink_core.compute.htcondor.pool import Pool, quoted
from ink_core.compute.htcondor.quoting import literal
from ink_core.compute.htcondor.submission import check_schedd, describe, find_operation
from ink_core.compute.precheck import check
from ink_core.errors import BadInput, SchedulerDown

DIRECTORY = ".ink/dags"
"""Below the home."""
KEPT = 200
_NOT_OF_A_NODE = (f"My.{OPERATION_ID}",)
"""The operation made the DAGMan job; this one makes the others."""


def submit_dag(pool: Pool, dag: Dag, operation_id: str) -> SubmittedDag:
    for asked in (dag.schedd, *(node.job.schedd for node in dag.nodes)):
        check_schedd(pool, asked)
    if (found := _earlier(pool, operation_id)) is not None:
        return found
    directory = _write(dag, operation_id)
    forget_oldest(directory.parent)
    try:
        with chdir(directory):
            result = pool.submit_dag("dag", _attributes(dag, operation_id))
    except SchedulerDown:
        # The answer may have been lost after the schedd took the job.
        if (found := _earlier(pool, operation_id)) is not None:
            return found
        raise
    cluster = str(result.cluster())
    return SubmittedDag(cluster=pool.options.name, job_ids=(f"{cluster}.0",), dag=cluster)


def _earlier(pool: Pool, operation_id: str) -> SubmittedDag | None:
    found = find_operation(pool, operation_id)
    return found if isinstance(found, SubmittedDag) else None


def _attributes(dag: Dag, operation_id: str) -> Mapping[str, str]:
    return {
        "batch_name": f"DAG of {len(dag.nodes)} nodes",
        f"My.{OPERATION_ID}": literal(quoted(operation_id)),
        f"My.{DAG_NODES}": literal(quoted(dag_nodes_text(dag.nodes))),
    }


def _write(dag: Dag, operation_id: str) -> Path:
    """All files anew: of a submit that was cut short there may be some already."""
    descriptions = {node.name: described(node, operation_id) for node in dag.nodes}
    directory = Path(pwd.getpwuid(os.getuid()).pw_dir, DIRECTORY, dag_id_of(operation_id))
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, text in descriptions.items():
            (directory / f"{name}.sub").write_text(text)
        (directory / "dag").write_text(rendered(dag))
    except OSError as error:
        raise BadInput(f"the DAG cannot be written to {directory}: {error.strerror}") from error
    return directory


def forget_oldest(parent: Path, kept: int = KEPT) -> None:
    """Removes directories of DAGs that have ended, all but the latest."""
    newest_first = sorted(parent.iterdir(), key=lambda path: path.lstat().st_mtime, reverse=True)
    for old in newest_first[kept:]:
        if (old / "dag.dagman.out").exists() and not (old / "dag.lock").exists():
            shutil.rmtree(old, ignore_errors=True)


def rendered(dag: Dag) -> str:
    """In DAGMan's language. The names are letters, digits, _ and -."""
    jobs = [f"JOB {node.name} {node.name}.sub" for node in dag.nodes]
    edges = [f"PARENT {' '.join(node.parents)} CHILD {node.name}" for node in dag.nodes if node.parents]
    return "\n".join([*jobs, *edges, ""])


def described(node: DagNode, operation_id: str) -> str:
    """A submit description as a file, where a backslash joins a line with the next, also with spaces behind it."""
    with naming(node):
        settings = describe(node.job, check(node.job), operation_id)
    lines = [f"{name} = {value}" for name, value in settings.items() if name not in _NOT_OF_A_NODE]
    if broken := [line for line in lines if "\n" in line or line.rstrip().endswith("\\")]:
        raise BadInput(f"node {node.name}: HTCondor takes no backslash at the end of {broken[0].partition(' = ')[0]}")
    return "\n".join([*lines, f"queue {node.job.count}", ""])
