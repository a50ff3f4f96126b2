"""What is found in the documentation, in both languages, and what a hostile query or file cannot do."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_graph.documents import DocumentIndex
from knowledge_graph.markdown import PIECE_CHARACTERS, Passage, passages_of

QUOTA = """# Storage

Every home has 50 GB.

## Quota

Ask for more quota by mail. 磁盘配额为 50 GB，超出后请清理文件。

```bash
# not a heading
du -sh .
```

## Backups
Every night.
"""
SKILL = """---
name: submitting
description: How to submit jobs to the pool
---
# Submitting jobs

提交作业之前请先检查脚本。
"""


@pytest.fixture
def index(tmp_path: Path) -> Iterator[DocumentIndex]:
    docs, skills = tmp_path / "docs", tmp_path / "skills"
    (docs / "how-to").mkdir(parents=True)
    (skills / "submitting").mkdir(parents=True)
    (docs / "how-to" / "storage.md").write_text(QUOTA, "utf-8")
    (docs / "image.png").write_bytes(b"\x89PNG quota")
    (docs / "broken.md").write_bytes(b"# Broken\n\xff\xfe caf\xe9 espresso\n")
    (skills / "submitting" / "SKILL.md").write_text(SKILL, "utf-8")
    built = DocumentIndex.build([docs, skills, tmp_path / "absent"])
    yield built
    built.close()


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("quota", "Storage › Quota"),
        ("How do I get more QUOTAS?", "Storage › Quota"),
        ("配额", "Storage › Quota"),
        ("我的磁盘配额是多少", "Storage › Quota"),
        ("配", "Storage › Quota"),
        ("nightly backup", "Storage › Backups"),
        ("submit a job", "Submitting jobs"),
        ("提交作业", "Submitting jobs"),
        ("how to submit jobs to the pool", "Submitting jobs"),
        ("du -sh", "Storage › Quota"),
        ("espresso", "Broken"),
    ],
)
def test_a_question_finds_its_section_first(index: DocumentIndex, query: str, title: str) -> None:
    assert index.search(query, 3)[0].title == title


def test_a_passage_says_where_it_stands_and_keeps_its_text(index: DocumentIndex) -> None:
    (found,) = index.search("quota", 1)
    assert found.path == "docs/how-to/storage.md"
    assert "# not a heading" in found.text and "磁盘配额为 50 GB" in found.text


def test_nothing_is_found_for_what_is_not_there(index: DocumentIndex) -> None:
    assert index.search("blockchain", 5) == ()
    assert index.search("  ?! ", 5) == ()
    assert index.search("", 5) == ()
    assert index.search("quota", 0) == ()


@given(st.text(max_size=200))
def test_any_text_is_a_query(query: str) -> None:
    index = DocumentIndex([Passage("Title", "docs/a.md", "text 文本")])
    assert len(index.search(query, 5)) <= 1
    index.close()


@pytest.mark.parametrize(
    "query", ['quota" OR "1', "title:quota NEAR(a b)", "quota*) -", "quota'; DROP TABLE found; --"]
)
def test_query_syntax_is_only_words(index: DocumentIndex, query: str) -> None:
    assert index.search(query, 1)[0].title == "Storage › Quota"


def test_a_link_out_of_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "secret.md").write_text("# Secret\npassphrase")
    (tmp_path / "docs" / "link.md").symlink_to(tmp_path / "secret.md")
    assert len(DocumentIndex.build([tmp_path / "docs"])) == 0


def test_a_long_section_comes_in_pieces_that_lose_nothing() -> None:
    paragraphs = [f"paragraph {n} " + "word " * 60 for n in range(30)] + ["x" * 10_000]
    pieces = [passage.text for passage in passages_of("a.md", "# Long\n\n" + "\n\n".join(paragraphs))]
    assert len(pieces) > 5 and max(map(len, pieces)) <= 2 * PIECE_CHARACTERS
    assert "".join("".join(pieces).split()) == "".join("".join(paragraphs).split())


def test_threads_may_search_at_the_same_time(index: DocumentIndex) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: index.search("quota", 1)[0].title, range(200)))
    assert set(found) == {"Storage › Quota"}
