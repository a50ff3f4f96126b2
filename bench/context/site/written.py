"""What is written down at a synthetic site, from the files beside this one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

HERE = Path(__file__).parent


class Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str
    body: str


class Topic(BaseModel):
    """A rule in English, in Chinese or in both; `about` are the nodes that its pages name."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: str
    en: Text | None = None
    zh: Text | None = None
    near: Sequence[Text]
    old: Text
    about: Sequence[str] = ()
    asked_en: Sequence[str]
    asked_zh: Sequence[str]


def _read(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text("utf-8"))


TOPICS: Sequence[Topic] = tuple(Topic.model_validate(one) for one in _read("topics.yaml"))
_CATALOGUES = _read("catalogues.yaml")
ERRORS: Mapping[str, Mapping[str, str]] = _CATALOGUES["errors"]
RULES: Mapping[str, str] = _CATALOGUES["rules"]
SKILLS: Mapping[str, str] = _CATALOGUES["skills"]
TOOLS: Mapping[str, str] = _CATALOGUES["tools"]
NOTES: Sequence[str] = _CATALOGUES["notes"]
SAMPLES: Sequence[str] = _CATALOGUES["samples"]
PAST_INCIDENTS: Sequence[Mapping[str, str]] = _CATALOGUES["past_incidents"]
CORRECTIONS: Sequence[str] = _CATALOGUES["corrections"]
