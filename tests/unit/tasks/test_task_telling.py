"""What the global model is told of a task: its workspace, to its members, as text that its owner wrote."""

from __future__ import annotations

from audit.memory import MemoryLedger
from ink_core.errors import Throttled
from ink_core.labels import Integrity
from knowledge_graph.changes import Observation
from manager.tasks.desk import TaskDesk
from manager.tasks.task import Role


class Model:
    """Hears what it is told; `busy` refuses it."""

    def __init__(self) -> None:
        self.told: list[Observation] = []
        self.busy = False

    async def observe(self, observation: Observation) -> None:
        if self.busy:
            raise Throttled("the model is behind")
        self.told.append(observation)


async def test_a_workspace_is_trusted_as_long_as_its_owner_is_alone() -> None:
    model = Model()
    desk = TaskDesk(MemoryLedger(), model.observe)
    task = await desk.open("alice", "Higgs", "/data/higgs")
    await desk.add("alice", task.task_id, "bob", Role.WATCH)
    alone, shared = (told.facts[0] for told in model.told)
    assert alone.id == shared.id and "/data/higgs" in str(shared)
    labels = [fact.origin.label.integrity for fact in (alone, shared)]
    assert labels == [Integrity.TRUSTED, Integrity.UNTRUSTED]
    assert shared.origin.readers == {f"task:{task.task_id}"}


async def test_of_a_task_without_a_workspace_and_of_a_closed_one_nothing_is_said() -> None:
    model = Model()
    desk = TaskDesk(MemoryLedger(), model.observe)
    await desk.open("alice", "Higgs")
    task = await desk.open("alice", "Higgs", "/data/higgs")
    await desk.close("alice", task.task_id)
    assert [len(told.facts) for told in model.told] == [0, 1, 0]


async def test_a_model_that_is_too_busy_is_told_at_the_next_start() -> None:
    model, ledger = Model(), MemoryLedger()
    model.busy = True
    task = await TaskDesk(ledger, model.observe).open("alice", "Higgs", "/data/higgs")
    model.busy = False
    await TaskDesk(ledger, model.observe).recover()
    assert [fact.subject for told in model.told for fact in told.facts] == [f"task:{task.task_id}"]
