"""`evaluation.yaml` beside a SKILL.md: what the skill must be good for, so that it can be tried.

`questions`: what people ask, and this skill should be found first for. `code.python.needs`: a module that the Python
examples of the text import; where it is installed they are run, elsewhere only compiled.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from skills.format import InvalidSkill, Skill, load_yaml

EVALUATION_FILE = "evaluation.yaml"
MAX_BYTES = 64 * 1024
_FENCED = r"^```{language}\n(.*?)^```$"


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PythonCode(_Closed):
    needs: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")


class Code(_Closed):
    python: PythonCode | None = None


class Evaluation(_Closed):
    questions: tuple[str, ...] = Field(min_length=1, max_length=200)
    code: Code = Code()


def read_evaluation(folder: Path) -> Evaluation | None:
    """None where the skill has none. Raises `InvalidSkill`."""
    file = folder / EVALUATION_FILE
    if not file.is_file():
        return None
    try:
        content = file.read_bytes()[: MAX_BYTES + 1]
        if len(content) > MAX_BYTES:
            raise ValueError(f"it is larger than {MAX_BYTES} bytes")
        return Evaluation.model_validate(load_yaml(content))
    except (OSError, yaml.YAMLError, ValidationError, ValueError) as error:
        raise InvalidSkill(f"{file} is no valid evaluation: {error}") from error


def examples(skill: Skill, language: str) -> Sequence[str]:
    """The blocks of code of a language that the text shows, in order."""
    return re.findall(_FENCED.format(language=re.escape(language)), skill.text, re.DOTALL | re.MULTILINE)
