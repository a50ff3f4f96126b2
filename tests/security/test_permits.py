"""No tool runs past the gate: proved for every tool, and by reading the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ink_core.identity.principal import ADMIN_SCOPES, Principal
from mcp_tools.catalogue import BUILT_IN
from mcp_tools.context import Leave, ToolContext
from mcp_tools.doubles import MemoryAgents, MemoryQueues, memory_job, services
from mcp_tools.invoke import NoLeave, invoke
from mcp_tools.spec import ToolSpec, ToolValue

ROOT = Path(__file__).parents[2]
PRODUCT = ("ink_core", "worker_agent", "mcp_tools", "skills", "knowledge_graph", "audit", "joblens", "manager")
NO_LEAVE = (None, Leave("", "{tool}"), Leave("c-1", "other_tool"), Leave("c-1", ""))


class Ran(Exception):
    """The tool's own code was reached."""


@pytest.fixture
def context() -> ToolContext:
    root = Principal(username="admin", is_admin=True, scopes=ADMIN_SCOPES, credential="test")
    centre = services(MemoryAgents({}, {}), MemoryQueues({"pool": [memory_job("1.0", "alice")]}))
    return ToolContext(root, "admin", "op-00000001", 30, None, centre, None)


def watched(spec: ToolSpec) -> ToolSpec:
    async def run(context: ToolContext, arguments: ToolValue) -> ToolValue:
        raise Ran

    return replace(spec, run=run)


@pytest.mark.requirement("GATE-WAY-01")
@pytest.mark.parametrize("leave", NO_LEAVE, ids=["none", "no call", "another tool's", "no tool"])
@pytest.mark.parametrize("spec", BUILT_IN, ids=lambda spec: spec.name)
async def test_no_tool_runs_without_leave_of_its_own(spec: ToolSpec, leave: Leave | None, context: ToolContext) -> None:
    given = replace(leave, tool=leave.tool.format(tool=spec.name)) if leave else None
    with pytest.raises(NoLeave):
        await invoke(watched(spec), replace(context, leave=given), spec.input.model_construct())
    with pytest.raises(Ran):
        allowed = replace(context, leave=Leave("c-1", spec.name))
        await invoke(watched(spec), allowed, spec.input.model_construct())


async def test_an_input_of_another_type_never_reaches_a_tool(context: ToolContext) -> None:
    first, second = BUILT_IN[0], BUILT_IN[3]
    with pytest.raises(TypeError, match=first.input.__name__):
        await invoke(watched(first), replace(context, leave=Leave("c-1", first.name)), second.input.model_construct())


def sources() -> Iterator[tuple[str, ast.AST]]:
    for package in PRODUCT:
        for file in sorted((ROOT / package).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text("utf-8"))


def files_that_name(found: str) -> set[str]:
    """Files that import, call or mention a name, except in annotations and where it is defined."""
    return {
        path
        for path, tree in sources()
        for node in ast.walk(tree)
        if (isinstance(node, ast.ImportFrom) and any(alias.name == found for alias in node.names))
        or (isinstance(node, ast.Attribute) and node.attr == found)
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == found)
    }


@pytest.mark.requirement("GATE-WAY-01")
def test_only_the_gates_dispatcher_gives_leave() -> None:
    assert files_that_name("Leave") == {"manager/gate/dispatch.py"}


@pytest.mark.requirement("GATE-WAY-01")
def test_only_the_gates_dispatcher_invokes_a_tool() -> None:
    assert files_that_name("invoke") == {"manager/gate/dispatch.py"}


@pytest.mark.requirement("GATE-WAY-01")
def test_a_tools_run_is_called_in_one_place_and_its_functions_are_private() -> None:
    runs = {spec.run.__qualname__ for spec in BUILT_IN}
    assert all(name.startswith("_") for name in runs)
    callers = {
        path
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("spec.run", "tool.run", "self.spec.run")
    }
    assert callers == {"mcp_tools/invoke.py"}
