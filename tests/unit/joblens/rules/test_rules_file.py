"""Files of rules: a mistake is told with its line, and nothing of a wrong file counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from manager.joblens.rules_file import RulesInvalid, load_rules, parse_rules

GOOD = """version: 1
rules:
  - name: full
    text: Memory is full.
    when:
      - {metric: rss_bytes, of: memory, above: 0.9}
"""


def test_the_shipped_rules_are_read_where_no_file_is_named() -> None:
    assert len(load_rules(None).rules) == 8


def test_a_mistake_is_told_with_its_line_and_what_may_stand_there() -> None:
    with pytest.raises(RulesInvalid, match=r"my\.yaml:6:\d+: rules\.0\.when\.0\.metric: there is no figure 'rss'"):
        parse_rules(GOOD.replace("rss_bytes", "rss"), "my.yaml")


@pytest.mark.parametrize("text", ["- no mapping", "version: 1\nrules: &a [*a]", "version: 2\nrules: []", "\t:"])
def test_what_is_no_file_of_rules_is_refused(text: str) -> None:
    with pytest.raises(RulesInvalid, match=r"my\.yaml:\d+:\d+: "):
        parse_rules(text, "my.yaml")


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(RulesInvalid, match="No such file"):
        load_rules(tmp_path / "rules.yaml")
    (tmp_path / "rules.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(RulesInvalid, match="UTF-8"):
        load_rules(tmp_path / "rules.yaml")
