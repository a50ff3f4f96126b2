"""What is wrong with a skill as it is written: `lint`; and whether it does what it is for: `try_out`.

Nothing of a skill is run but its Python examples, and these only where the module that they need is installed and the
caller wants it.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from ink_core.errors import InkError
from knowledge_graph.documents import DocumentIndex
from mcp_tools.catalogue import Catalogue
from skills.evaluation import Evaluation, examples
from skills.format import Skill

RUN_S = 120


def lint(skill: Skill, tools: Catalogue) -> Iterator[str]:
    """Complaints in words; none for a skill that keeps to everything."""
    known = {spec.name for spec in tools}
    yield from (f"allowed-tools names {name}, and there is no such tool" for name in skill.tools if name not in known)
    named = {word for word in re.findall(r"`([a-z]+_[a-z_]+)`", skill.text) if word in known}
    unlisted = sorted(named - {*skill.tools})
    yield from (f"the text names the tool {name}, and allowed-tools does not" for name in unlisted)
    for block in examples(skill, "json"):
        yield from _wrong_call(block, skill, tools)
    for block in examples(skill, "python"):
        yield from _wrong_python(block)
    for block in examples(skill, "bash"):
        yield from _wrong_bash(block)


def try_out(skill: Skill, evaluation: Evaluation, index: DocumentIndex, *, run: bool) -> Iterator[str]:
    """Which questions find another skill first, and which examples of code fail.

    `index` holds all skills; with `run` Python examples are run, each in an empty directory, where they can be.
    """
    for question in evaluation.questions:
        found = index.search(question, 1)
        first = Path(found[0].path).parent.name if found else "nothing"
        if first != skill.name:
            yield f"{question!r} finds {first}"
    if run and can_run(evaluation):
        yield from filter(None, map(_run_python, examples(skill, "python")))


def can_run(evaluation: Evaluation) -> bool:
    python = evaluation.code.python
    return python is not None and find_spec(python.needs) is not None


def _wrong_call(block: str, skill: Skill, tools: Catalogue) -> Iterator[str]:
    try:
        example = json.loads(block)
        tools.get(example["tool"]).parse(example["arguments"])
    except (ValueError, KeyError, TypeError) as error:
        yield f"an example is no call {{tool, arguments}}: {error!r}"
    except InkError as error:
        yield f"an example is refused: {error}"
    else:
        if example["tool"] not in skill.tools:
            yield f"an example calls {example['tool']}, and allowed-tools does not name it"


def _wrong_python(block: str) -> Iterator[str]:
    try:
        ast.parse(block)
    except SyntaxError as error:
        yield f"a Python example does not parse: {error.msg}, in {(error.text or '').strip()!r}"


def _wrong_bash(block: str) -> Iterator[str]:
    checked = subprocess.run(["bash", "-n"], input=block, text=True, capture_output=True, timeout=RUN_S, check=False)
    if checked.returncode:
        yield f"a shell example does not parse: {checked.stderr.strip()[:200]}"


def _run_python(block: str) -> str | None:
    with tempfile.TemporaryDirectory() as empty:
        command = [sys.executable, "-I", "-c", block]
        try:
            ran = subprocess.run(command, cwd=empty, text=True, capture_output=True, timeout=RUN_S, check=False)
        except subprocess.TimeoutExpired:
            return f"a Python example did not end in {RUN_S} s"
    return f"a Python example failed: {ran.stderr.strip()[-300:]}" if ran.returncode else None
