"""Which nodes a question names: job ids, hosts, users, groups, paths, slots and titles, in English and Chinese.

Names are found by their form and looked up, so nothing is linked that the reader cannot see. Chinese has no spaces:
runs of it are tried piece by piece, and a name in Latin letters ends where Chinese begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from knowledge_graph.facts import NodeId, NodeKind, name_of
from knowledge_graph.retrieval.names import Names
from knowledge_graph.view import View

MAX_CHARACTERS = 4_000
MAX_LINKS = 24
MAX_CHINESE_NAME = 16
MAX_CHINESE_RUN = 60

_LATIN = re.compile(r"[A-Za-z0-9_/~][A-Za-z0-9_.@:/~#+\-]*")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]{2,}")
_JOB = re.compile(r"(?:[\w.-]+/)?\d+(?:\.\d+)?(?:_\d+)?(?:@[\w.-]+)?")
_PHRASE_WORDS = 4
_KINDS = tuple(kind.value for kind in NodeKind)
# English words that a user, a group or a tool may happen to be called.
_ORDINARY = frozenset(
    "a all an and any are at be by can data default do file for from has have held help how i in is it job jobs long"
    " main me my no node not of on or other run running short slow state test that the this to user users was what"
    " when where which who why will with".split()
)


def linked(text: str, names: Names, view: View) -> Sequence[NodeId]:
    """In the order in which the text names them, each once; at most `MAX_LINKS`."""
    found = dict.fromkeys(node for node in _named(text[:MAX_CHARACTERS], names, view) if view.knows(node))
    return tuple(islice(found, MAX_LINKS))


def _named(text: str, names: Names, view: View) -> Iterator[NodeId]:
    clusters = [name_of(cluster) for cluster in view.nodes(NodeKind.CLUSTER)]
    latin = [match.group().rstrip(".:,/-") or "/" for match in _LATIN.finditer(text)]
    for name in latin:
        yield from _by_id(name, clusters)
        yield from names.of(name, view) if name.lower() not in _ORDINARY else ()
        if "/" in name:
            yield from _above(name, names, view)
    for width in range(2, _PHRASE_WORDS + 1):
        for start in range(len(latin) - width + 1):
            yield from names.of(" ".join(latin[start : start + width]), view)
    for match in _CHINESE.finditer(text):
        yield from _in_chinese(match.group()[:MAX_CHINESE_RUN], names, view)


def _by_id(name: str, clusters: Sequence[str]) -> Iterator[NodeId]:
    """Ids that the name may be; most of them are of no node."""
    if name.partition(":")[0] in _KINDS:
        yield name
    if "@" in name:
        yield f"{NodeKind.SLOT}:{name}"
    if _JOB.fullmatch(name):
        job = NodeKind.JOB.value
        yield f"{job}:{name}"
        yield from (f"{job}:{cluster}/{name}" for cluster in clusters)


def _above(path: str, names: Names, view: View) -> Iterator[NodeId]:
    """The nearest node that is called like the path or a folder above it."""
    while path:
        if found := names.of(path, view):
            yield from found
            return
        path = path.rpartition("/")[0]


def _in_chinese(run: str, names: Names, view: View) -> Iterator[NodeId]:
    """The longest names first at each place."""
    for start in range(len(run)):
        for end in range(min(len(run), start + MAX_CHINESE_NAME), start + 1, -1):
            yield from names.of(run[start:end], view)
