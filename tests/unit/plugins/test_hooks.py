"""What is marked is replaced, the last one wins; what is not marked is never replaced."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ink_core.plugins import HookRefused, hookable, original, register_hook
from ink_core.plugins.hooks import HOOKS

ROOT = Path(__file__).parents[3]
HERE = __name__


@hookable
def greeting(name: str, *, loud: bool = False) -> str:
    """Says hello."""
    return f"hello {name}{'!' if loud else ''}"


@hookable
async def farewell(name: str) -> str:
    return f"bye {name}"


def not_marked() -> str:
    return "mine"


@pytest.fixture(autouse=True)
def only_here() -> Iterator[None]:
    HOOKS.admit("tests")
    with HOOKS.owned_by("tests"):
        yield
    HOOKS.withdraw("tests")


@pytest.mark.requirement("CORE-PLUGIN-02")
def test_the_last_hook_wins_and_gets_what_the_caller_gave() -> None:
    assert greeting("alice", loud=True) == "hello alice!"
    register_hook(f"{HERE}.greeting")(lambda name, *, loud=False: f"first {name}")
    register_hook(f"{HERE}.greeting")(lambda name, *, loud=False: f"second {name} {loud}")
    assert greeting("alice", loud=True) == "second alice True"


@pytest.mark.requirement("CORE-PLUGIN-02")
async def test_a_coroutine_function_is_replaced_by_one_or_by_a_plain_function() -> None:
    assert await farewell("alice") == "bye alice"

    @register_hook(f"{HERE}.farewell")
    async def later(name: str) -> str:
        return f"later {name}"

    assert await farewell("alice") == "later alice"
    register_hook(f"{HERE}.farewell")(lambda name: f"now {name}")
    assert await farewell("alice") == "now alice"


def test_a_hook_may_ask_the_function_that_it_replaces() -> None:
    register_hook(f"{HERE}.greeting")(lambda name: original(f"{HERE}.greeting")(name) + ", and welcome")
    assert greeting("bob") == "hello bob, and welcome"
    assert (greeting.__name__, greeting.__doc__) == ("greeting", "Says hello.")


def test_what_one_owner_registered_is_withdrawn_and_the_others_stay() -> None:
    register_hook(f"{HERE}.greeting")(lambda name: "kept")
    HOOKS.admit("another")
    with HOOKS.owned_by("another"):
        register_hook(f"{HERE}.greeting")(lambda name: "withdrawn")
    assert (greeting("x"), HOOKS.of("another")) == ("withdrawn", [f"{HERE}.greeting"])
    HOOKS.withdraw("another")
    assert (greeting("x"), HOOKS.of("another")) == ("kept", [])


def test_an_async_hook_cannot_stand_in_for_a_plain_function() -> None:
    async def hook(name: str) -> str:
        return name

    with pytest.raises(HookRefused, match="no coroutine function"):
        register_hook(f"{HERE}.greeting")(hook)
    assert greeting("alice") == "hello alice"


@pytest.mark.parametrize(
    "name",
    [
        f"{HERE}.not_marked",
        "manager.gate.gate.Gate.propose",
        "manager.gate.policy.decide",
        "manager.gate.live_policy.LivePolicy.current",
        "audit.ledger.Ledger.append",
        "ink_core.api.security.authenticate",
        "ink_core.identity.service.IdentityService.authenticate",
        "manager.api.gated_actions.GatedActions.call",
        "no.such.module.function",
        "greeting",
        "",
        "..greeting",
        "\x00",
    ],
)
def test_what_is_not_marked_cannot_be_replaced(name: str) -> None:
    with pytest.raises(HookRefused, match="no hookable function"):
        register_hook(name)(lambda: "taken over")
    assert not_marked() == "mine"


def marked_in_the_product() -> set[str]:
    """Every function with the decorator, by its name, from the source."""
    found: set[str] = set()
    for package in "ink_core worker_agent mcp_tools skills knowledge_graph audit joblens manager".split():
        for file in (ROOT / package).rglob("*.py"):
            module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            found |= {f"{module}.{name}" for name in marked_functions(ast.parse(file.read_text("utf-8")))}
    return found


def marked_functions(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = {name.id for mark in node.decorator_list for name in ast.walk(mark) if isinstance(name, ast.Name)}
            if "hookable" in names:
                yield node.name


def test_the_hookable_functions_are_those_of_the_documentation_and_none_guards_anything() -> None:
    page = (ROOT / "docs/reference/plugins.md").read_text("utf-8")
    documented = set(re.findall(r"^\| `([a-z_0-9.]+)` \| (?:plain|async) \|", page, re.MULTILINE))
    assert marked_in_the_product() == documented
    guards = ("audit.", "manager.gate.", "manager.permits", "ink_core.identity.", "ink_core.api.security", "mcp_tools.")
    assert [name for name in documented if name.startswith(guards)] == []
    for name in documented:
        with HOOKS.owned_by("documentation"):
            register_hook(name)(lambda *_: None)
    assert set(HOOKS.of("documentation")) == documented
    HOOKS.withdraw("documentation")
