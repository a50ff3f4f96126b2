"""Skills keep to their format, and every call that their texts show is one that our tools accept."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from knowledge_graph.documents import DocumentIndex
from mcp_tools.catalogue import default_catalogue
from skills.catalogue import LIBRARY, InvalidSkill, Skill, SkillCatalogue, SkillNotFound, read_skill

SHIPPED = list(SkillCatalogue.load())
GOOD = "---\nname: good\ndescription: A description that is long enough\ntools: [list_jobs]\n---\n# Good\nText.\n"


def skill(folder: Path, content: str | bytes, name: str = "good") -> Path:
    (folder / name).mkdir()
    data = content.encode() if isinstance(content, str) else content
    (folder / name / "SKILL.md").write_bytes(data)
    return folder / name


def test_the_shipped_skills_are_listed_with_their_descriptions() -> None:
    assert {"hepjob", "ihep-computing"} <= {shipped.name for shipped in SHIPPED}
    assert "hep_sub" in SkillCatalogue.load().get("hepjob").description
    with pytest.raises(SkillNotFound, match="there are hepjob, ihep-computing"):
        SkillCatalogue.load().get("knitting")


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda shipped: shipped.name)
def test_every_call_in_a_skill_is_accepted_by_the_tool_it_names(shipped: Skill) -> None:
    examples = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", shipped.text, re.DOTALL)]
    assert len(examples) >= 5
    for example in examples:
        default_catalogue().get(example["tool"]).parse(example["arguments"])
    assert {example["tool"] for example in examples} <= set(shipped.tools)


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda shipped: shipped.name)
def test_every_tool_that_a_skill_relies_on_exists_and_is_named_in_its_text(shipped: Skill) -> None:
    known = {spec.name for spec in default_catalogue()}
    assert set(shipped.tools) <= known
    mentioned = {word for word in re.findall(r"`([a-z]+_[a-z_]+)`", shipped.text) if word in known}
    assert mentioned <= set(shipped.tools)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("why is my job held", "skills/hepjob/SKILL.md"),
        ("hep_sub", "skills/hepjob/SKILL.md"),
        ("怎么提交作业", "skills/hepjob/SKILL.md"),
        ("where is software cvmfs", "skills/ihep-computing/SKILL.md"),
        ("存储", "skills/ihep-computing/SKILL.md"),
    ],
)
def test_the_documentation_search_finds_the_right_skill(query: str, path: str) -> None:
    index = DocumentIndex.build([LIBRARY])
    assert index.search(query, 1)[0].path == path
    index.close()


@pytest.mark.parametrize(
    "content",
    [
        "no front matter",
        "---\nname: good\n---\n# Good\n",
        GOOD.replace("name: good", "name: other"),
        GOOD.replace("name: good", "name: Not A Name"),
        GOOD.replace("tools:", "tols:"),
        GOOD.replace("# Good\nText.\n", ""),
        GOOD.replace("tools: [list_jobs]", "tools: ["),
        b"---\nname: \xff\n---\nText",
        GOOD + "x" * 70_000,
        "---\n!!python/object/apply:os.system ['true']\n---\nText\n",
    ],
)
def test_a_skill_that_does_not_keep_to_the_format_is_named(tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises(InvalidSkill, match=r"SKILL\.md"):
        read_skill(skill(tmp_path, content))


def test_a_folder_without_a_skill_is_no_skill(tmp_path: Path) -> None:
    skill(tmp_path, GOOD)
    (tmp_path / "notes").mkdir()
    assert [found.name for found in SkillCatalogue.load(tmp_path)] == ["good"]
