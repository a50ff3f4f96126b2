"""What a synthetic site has written down: documents, rules, error catalogue, runbooks, skills, tools, data sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from bench.context.site.people import People
from bench.context.site.size import Size
from bench.context.site.sources import CATALOGUE, DOCUMENTS, POLICY, Sources
from bench.context.site.topology import Topology
from bench.context.site.written import ERRORS, NOTES, RULES, SAMPLES, SKILLS, TOOLS, TOPICS, Text
from knowledge_graph.facts import Layer, NodeId, NodeKind, Relation, node_id

RUNBOOKS = "human:opsteam"


@dataclass(frozen=True)
class DataSet:
    """Samples of an experiment in a version, and where they are."""

    experiment: str
    sample: str
    version: int
    folder: str

    @property
    def passage(self) -> NodeId:
        return passage(f"data/{self.experiment}/{self.sample}", self.version)


def passage(path: str, number: int) -> NodeId:
    return node_id(NodeKind.PASSAGE, f"docs/{path}.md#{number}")


def runbook(code: str) -> NodeId:
    return node_id(NodeKind.RUNBOOK, code)


def data_sets(site: Topology, everybody: People) -> Iterator[DataSet]:
    for number, experiment in enumerate(everybody.experiments):
        own = [one.name for one in site.file_systems if one.experiment == experiment]
        for place, sample in enumerate(SAMPLES):
            for version in (1, 2, 3):
                root = own[(number + place + version) % len(own)]
                yield DataSet(experiment, sample, version, f"{root}/mc/{sample}/v{version}")


def say_knowledge(size: Size, site: Topology, everybody: People, say: Sources, chance: Random) -> None:
    _say_topics(say)
    _say_catalogues(say)
    written = say.origin(DOCUMENTS, Layer.SEMANTICS, age=timedelta(days=40))
    for one in data_sets(site, everybody):
        text = f"The {one.sample} sample of {one.experiment}, version {one.version}, is in {one.folder}."
        _say_passage(
            say, one.passage, Text(title=f"{one.experiment} › Samples › {one.sample} v{one.version}", body=text)
        )
        say.edge(one.passage, Relation.ABOUT, node_id(NodeKind.EXPERIMENT, one.experiment), written)
    for number in range(size.notes):
        experiment, place = chance.choice(everybody.experiments), chance.choice(site.file_systems)
        values = {"experiment": experiment, "place": place.name, "number": number % 180}
        text = chance.choice(NOTES).format(task=chance.choice(("simulation", "calibration", "skim")), **values)
        node = passage(f"notes/{number // 10}", number % 10)
        _say_passage(say, node, Text(title=f"Notes › {experiment} {number}", body=text))
        say.edge(node, Relation.ABOUT, place.node, written)
        say.edge(node, Relation.ABOUT, node_id(NodeKind.EXPERIMENT, experiment), written)


def _say_topics(say: Sources) -> None:
    written = say.origin(DOCUMENTS, Layer.SEMANTICS, age=timedelta(days=40))
    archived = say.origin("archive", Layer.SEMANTICS, age=timedelta(days=2000), lives=timedelta(days=900))
    for topic in TOPICS:
        for number, text in enumerate((topic.en, topic.zh, *topic.near)):
            if text is not None:
                node = passage(f"rules/{topic.key}", number)
                _say_passage(say, node, text)
                for about in topic.about:
                    say.edge(node, Relation.ABOUT, about, written)
        old = passage(f"rules/{topic.key}-old", 0)
        say.attributes(old, archived, title=topic.old.title, text=topic.old.body)


def _say_passage(say: Sources, node: NodeId, text: Text) -> None:
    written = say.origin(DOCUMENTS, Layer.SEMANTICS, age=timedelta(days=40))
    say.attributes(node, written, title=text.title, text=text.body)


def _say_catalogues(say: Sources) -> None:
    catalogue = say.origin(CATALOGUE, Layer.SEMANTICS, age=timedelta(hours=2))
    policy = say.origin(POLICY, Layer.SEMANTICS, age=timedelta(hours=2))
    human = say.origin(RUNBOOKS, Layer.MEMORY, age=timedelta(days=90), confidence=0.9)
    for code, entry in ERRORS.items():
        error = node_id(NodeKind.ERROR, code)
        say.attributes(error, catalogue, title=entry["title"], text=entry["text"])
        say.attributes(
            runbook(code),
            human,
            title=f"Admins: many jobs with {code}",
            text=f"See whether one node or one file system is common to jobs with {code} before any is released.",
        )
        say.edge(runbook(code), Relation.APPLIES_TO, error, human)
    for name, text in RULES.items():
        say.attributes(node_id(NodeKind.RULE, name), policy, text=text)
    for name, text in SKILLS.items():
        say.attributes(node_id(NodeKind.SKILL, name), catalogue, description=text)
    for name, risk in TOOLS.items():
        say.attributes(node_id(NodeKind.TOOL, name), catalogue, risk=risk)
    long_queue = node_id(NodeKind.PARTITION, "pool/long")
    claimed = say.origin("human:helpdesk", Layer.SEMANTICS, age=timedelta(days=300), confidence=0.6)
    say.attributes(long_queue, claimed, max_wall_time_h=240)
