"""SKILL.md: what is accepted, and how what is not is named."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from skills.catalogue import SkillCatalogue, SkillNotFound
from skills.evaluation import read_evaluation
from skills.format import InvalidSkill, parse_skill, read_skill

HEAD = "name: good\ndescription: A description that is long enough\nallowed-tools: list_jobs read_file\n"
GOOD = f"---\n{HEAD}---\n# Good\nText.\n"


def skill(folder: Path, content: str | bytes, name: str = "good") -> Path:
    (folder / name).mkdir()
    data = content.encode() if isinstance(content, str) else content
    (folder / name / "SKILL.md").write_bytes(data)
    return folder / name


def test_a_skill_is_read_with_its_hash(tmp_path: Path) -> None:
    read = read_skill(skill(tmp_path, GOOD))
    assert (read.name, read.tools, read.version) == ("good", ("list_jobs", "read_file"), None)
    assert read.sha256 == sha256(GOOD.encode()).hexdigest()


def test_the_optional_fields_of_the_common_format_are_accepted() -> None:
    head = "license: MIT\ncompatibility: needs a shell\nmetadata: {version: '1.2', author: physics group}\n"
    read = parse_skill(GOOD.replace("---\n# Good", f"{head}---\n# Good").encode())
    assert read.version == "1.2"
    listed = GOOD.replace("list_jobs read_file", "[list_jobs, read_file]")
    assert parse_skill(listed.encode()).tools == ("list_jobs", "read_file")
    assert parse_skill(GOOD.replace("\n", "\r\n").encode()).name == "good"


@pytest.mark.parametrize(
    "content",
    [
        "no front matter",
        "---\nname: good\n---\n# Good\n",
        GOOD.replace("name: good", "name: other"),
        GOOD.replace("name: good", "name: Not A Name"),
        GOOD.replace("allowed-tools:", "tols:"),
        GOOD.replace("# Good\nText.\n", ""),
        GOOD.replace("list_jobs read_file", "["),
        b"---\nname: \xff\n---\nText",
        GOOD + "x" * 70_000,
        "---\n!!python/object/apply:os.system ['true']\n---\nText\n",
    ],
)
def test_a_skill_that_does_not_keep_to_the_format_is_named(tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises(InvalidSkill, match=r"SKILL\.md"):
        read_skill(skill(tmp_path, content))


def test_aliases_that_stand_for_billions_of_values_are_refused_unread(tmp_path: Path) -> None:
    levels = (f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 12))
    bomb = f"a0: &a0 [x]\n{''.join(levels)}"
    folder = skill(tmp_path, GOOD.replace("---\n# Good", f"{bomb}---\n# Good"))
    with pytest.raises(InvalidSkill, match="aliases"):
        read_skill(folder)
    (folder / "evaluation.yaml").write_text(bomb)
    with pytest.raises(InvalidSkill, match="aliases"):
        read_evaluation(folder)


def test_a_folder_without_a_skill_is_no_skill(tmp_path: Path) -> None:
    skill(tmp_path, GOOD)
    (tmp_path / "notes").mkdir()
    found = SkillCatalogue.load(tmp_path)
    assert [one.name for one in found] == ["good"]
    with pytest.raises(SkillNotFound, match="there are good"):
        found.get("knitting")


@pytest.mark.parametrize(
    "content", ["questions: []", "[", "questions: [a]\nmore: 1", "code: {python: {needs: 'a; b'}}"]
)
def test_a_wrong_evaluation_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "evaluation.yaml").write_text(content)
    with pytest.raises(InvalidSkill, match=r"evaluation\.yaml"):
        read_evaluation(tmp_path)
