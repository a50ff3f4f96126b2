"""What a child gets is always a subset: over random trees, and for the profiles that are shipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.spawn.trees import Agent, grown, is_wider, overspent
from ink_core.identity.principal import Scope
from manager.budgets.accounts import Accounts
from manager.budgets.amounts import Amounts, Limits
from manager.subagents.library import ProfileLibrary, UnknownProfile
from mcp_tools.catalogue import default_catalogue
from tests.unit.subagents.family import ALICE, profile


@pytest.mark.requirement("AGENT-SUB-02")
@pytest.mark.parametrize("seed", [4711, 4712])
def test_none_of_ten_thousand_random_trees_overspends_or_widens_a_right(seed: int) -> None:
    findings = grown(5_000, seed, default_catalogue())
    assert (findings.trees, findings.overspend, findings.widened) == (5_000, 0, 0)
    # they were trees that grew, and that came to the caps and to the ends of their budgets
    assert findings.agents > 15_000
    assert findings.refused_by_caps > 200
    assert findings.refused_by_budget > 10_000


def test_a_wider_child_and_an_overspent_account_would_be_found() -> None:
    catalogue = default_catalogue()
    parent = Agent(("site",), ALICE.model_copy(update={"scopes": {Scope.JOBS_READ}}), None)
    wider = Agent(("site", "session 1"), ALICE, frozenset({"list_jobs", "remove_jobs"}), parent)
    assert is_wider(wider, parent, lambda who: frozenset(spec.name for spec in catalogue.offered(who.scopes)))
    accounts = Accounts()
    accounts.open("site", Limits(tokens=10), spent=Amounts(tokens=11))
    assert overspent(parent, accounts) == 1


def test_a_profile_that_does_not_keep_to_the_format_is_left_out_and_named(tmp_path: Path) -> None:
    profile(tmp_path, "finder")
    profile(tmp_path, "other")
    (tmp_path / "other.md").rename(tmp_path / "renamed.md")
    (tmp_path / "open.md").write_text((tmp_path / "finder.md").read_text().replace("additionalProperties: false", ""))
    shelf = ProfileLibrary([tmp_path]).shelf()
    assert "finder" in shelf.profiles and "code-debug" in shelf.profiles
    assert len(shelf.problems) == 2
    assert "additionalProperties" in shelf.problems[0]
    assert "name and file must agree" in shelf.problems[1]
    with pytest.raises(UnknownProfile, match="finder"):
        shelf.get("nobody")


def test_a_profile_of_the_site_takes_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    profile(tmp_path, "code-debug", minutes=7)
    assert ProfileLibrary([tmp_path]).shelf().get("code-debug").minutes == 7
