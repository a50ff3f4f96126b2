"""What the server composes in words is known to the page in Chinese (docs/adr/0087): no sentence is changed or added
without its line in `web/src/i18n/zh/sentences.json`."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
KNOWN: dict[str, str] = json.loads((ROOT / "web/src/i18n/zh/sentences.json").read_text())
COMPOSED = (
    "ink_core/compute/htcondor/explain.py",
    "ink_core/compute/htcondor/ended.py",
    "ink_core/compute/htcondor/hold_codes.py",
    "ink_core/compute/htcondor/idle.py",
    "ink_core/compute/slurm/explain.py",
    "ink_core/compute/slurm/reasons.py",
    "ink_core/compute/local/explain.py",
    "joblens/verdicts/cpu.py",
    "joblens/verdicts/io.py",
    "joblens/verdicts/life.py",
    "joblens/verdicts/memory.py",
    "knowledge_graph/incidents/detectors/nodes.py",
    "knowledge_graph/incidents/detectors/storage.py",
    "knowledge_graph/incidents/detectors/queues.py",
    "knowledge_graph/incidents/detectors/black_holes.py",
    "knowledge_graph/incidents/detectors/held.py",
    "knowledge_graph/incidents/proposals.py",
)
"""Modules whose texts are for people; each gap of a sentence stands for a value."""
PIECED = {
    "One file is {} of all that it reads, over and over: {} of {}.{}": ("", " {} jobs read it."),
    "Its memory is full: {} of {}{}.": ("", " and {} were swapped out"),
    "{} jobs of {} users{} are held on {} with the same reason: {}": ("", " on {} nodes"),
    "{} of {} nodes of {} are down at once: {}{}. {} jobs ran there.": ("",),
}
"""Sentences with a gap for a piece of their own, and what may stand there."""
NOT_SAID = {
    *("exit code", "remove reason", "standard error", "last node", "memory asked for in MB", "Slurm's reason"),
    *("peak memory in MB", "CPU time in s", "MB of memory"),  # with their values they are sentences
    *("ClusterId == {} && ProcId == {}", "JobStatus == 1", 'SlotType =!= "Dynamic"', "%Y-%m-%d %H:%M:%S"),
    *("Node {} of {} {}{}.", "{} {} does not answer"),  # as they stand there, they could be anything
    "{} {} does not answer: {}. {} jobs that are not over were last seen there.",
}
OF_PIECES = {
    "{} {} of {} on {} ({}){}",  # verb, jobs, owners, cluster, states
    "Submit {} of {} to {} ({} CPU, {} MB each, {})",
    *("{} {} places in {}", "{} cell {} of {}", "{} the {} {} of {}"),
    *("{} {} uploaded bytes at {} on {}", "Remove {}{} ({} bytes) from {}"),
}
"""Previews that are known by each of their verbs."""


def sentences(module: str) -> Iterator[str]:
    """Texts of several words outside docstrings, with `{}` for each value; pieces that are put into another are no
    sentences of their own, so they begin with a space or end in one, and neither are remarks of a submit file."""
    tree = ast.parse((ROOT / module).read_text())
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)} - {
        id(node) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
    }
    passed_over = inside | {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        text = _text(node) if id(node) not in passed_over else ""
        if " " in text.strip("{} ") and text == text.strip() and not text.startswith(("#", "environment =", "export ")):
            yield text


def _whole(text: str) -> list[str]:
    """With each of its pieces, whose gap is the one that no space comes before."""
    if text not in PIECED:
        return [text]
    before, after = re.split(r"(?<=[^ ])\{\}", text, maxsplit=1)
    return [f"{before}{piece}{after}" for piece in PIECED[text]]


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def previews() -> Iterator[str]:
    """What calls would do and how they are undone, as tools say it."""
    for module in (ROOT / "mcp_tools").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            yield from map(_text, _preview(node))


def _preview(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call):
        yield from (given.value for given in node.keywords if given.arg in ("summary", "undo"))
        yield from node.args[1:2] if isinstance(node.func, ast.Name) and node.func.id == "preview_of" else ()
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "summary":
        yield node.value


@pytest.mark.parametrize("module", COMPOSED)
def test_each_sentence_of_a_module_that_speaks_to_people_is_known_in_chinese(module: str) -> None:
    said = [text for text in sentences(module) if text not in NOT_SAID]
    assert [text for one in said for text in _whole(one) if text not in KNOWN] == []


def test_each_preview_of_a_call_is_known_in_chinese() -> None:
    said = {text for text in previews() if " " in text.strip("{} ")} - OF_PIECES
    assert sorted(said - set(KNOWN)) == []


def test_each_reason_of_the_policy_that_a_site_starts_with_is_known_in_chinese() -> None:
    rules = yaml.safe_load((ROOT / "manager/gate/default_policy.yaml").read_text())["rules"]
    assert [rule["reason"] for rule in rules if rule["reason"] not in KNOWN] == []
