"""What a question names is found, in both languages, and nothing that its reader may not see."""

from __future__ import annotations

import pytest

from knowledge_graph.clearance import Clearance
from knowledge_graph.facts import Attribute
from knowledge_graph.retrieval.linking import linked
from knowledge_graph.retrieval.names import Names
from knowledge_graph.view import View
from tests.unit.knowledge_graph.sites import ADMIN, ALICE, BOB, NOW, SECRET, retrieval, site


def links(text: str, clearance: Clearance = ADMIN, *more: Attribute) -> list[str]:
    facts, names = [*site(), *more], Names()
    for fact in facts:
        names.said(fact)
    return list(linked(text, names, View(retrieval(facts).model, clearance, NOW)))


@pytest.mark.requirement("MODEL-CONTEXT-06")
@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("why is job 12.0 held?", "job:pool/12.0"),
        ("作业12.0为什么被挂起？", "job:pool/12.0"),
        ("what of pool/12.0, please", "job:pool/12.0"),
        ("array element 67890_3 of mine", "job:farm/67890_3"),
        ("请看任务67890_3的状态", "job:farm/67890_3"),
        ("is wn042 down?", "node:wn042.example.org"),
        ("Is WN042.example.org.", "node:wn042.example.org"),
        ("节点wn042坏了吗", "node:wn042.example.org"),
        ("who runs on slot1@wn042.example.org", "slot:slot1@wn042.example.org"),
        ("the jobs of alice", "user:alice"),
        ("用户alice的作业", "user:alice"),
        ("what may group atlas do", "group:atlas"),
        ("高能物理组有哪些成员", "group:atlas"),
        ("组atlas的配额", "group:atlas"),
        ("where is /lustre/atlas/user/alice/run3.root", "filesystem:lustre"),
        ("文件/lustre/atlas/data在哪个存储上", "filesystem:lustre"),
        ("partition gpu", "partition:farm/gpu"),
        ("分区gpu忙吗", "partition:farm/gpu"),
        ("about node:wn042.example.org", "node:wn042.example.org"),
    ],
)
def test_a_question_is_linked_to_what_it_names(text: str, node: str) -> None:
    assert node in links(text)


def test_what_is_named_first_comes_first() -> None:
    assert links("alice and then bob") == ["user:alice", "user:bob"]


@pytest.mark.parametrize(
    "text", ["", "12.9", "/", "@", "job:", "node:nothing", "the job of nobody", "🙂" * 5000, "/" * 5000]
)
def test_what_names_nothing_is_linked_to_nothing(text: str) -> None:
    assert links(text) == []


def test_a_job_that_the_reader_may_not_see_is_not_linked() -> None:
    assert links("job 13.0", BOB) == ["job:pool/13.0"]
    assert links("job 13.0", ALICE) == []


def test_a_name_that_the_reader_may_not_see_leads_nowhere() -> None:
    code_name = Attribute("group:juno", "alias", "bluebird", SECRET)
    assert links("what is bluebird", ADMIN, code_name) == ["group:juno"]
    assert links("what is bluebird", BOB, code_name) == []


def test_what_is_gone_from_the_model_takes_its_names_along() -> None:
    names = Names()
    for fact in site():
        names.said(fact)
    names.forget("group:atlas")
    view = View(retrieval(site()).model, ADMIN, NOW)
    assert list(linked("atlas 高能物理组", names, view)) == []
    assert list(linked("juno", names, view)) == ["group:juno"]
