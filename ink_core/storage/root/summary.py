"""Tells what is in a ROOT file: `python -I summary.py DESCRIPTOR`, one JSON object as `RootSummary` on standard output.

It runs in a process of its own with little memory, little processor time and nothing to write, because a file may be
made to exhaust its reader; the agent ends it when its time is up. A file that cannot be read is `{"error"}`.

Limits: no import of this package. Classes are read by the models that uproot ships: what a file says of its own classes
(its streamers), from which uproot would make Python code, is never used.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import resource
import sys
from collections.abc import Iterable
from itertools import islice
from typing import Any

Json = dict[str, Any]

_MEMORY = 1024 * 1024 * 1024
_PROCESSOR_S = 20
_OBJECT = 64 * 1024 * 1024
_KEYS = 500
_LOOKED_INTO = 100
_BRANCHES = 200
_CONTENTS = 100
_TEXT = 200
_TREES = frozenset({"TTree", "TNtuple", "TNtupleD"})
_FIELDS = frozenset({"ROOT::RNTuple", "ROOT::Experimental::RNTuple"})
_HISTOGRAMS = ("TH1", "TH2", "TH3", "TProfile")


def confine() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_S, _PROCESSOR_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def reader() -> Any:
    """uproot, which makes no code from a file."""
    uproot = importlib.import_module("uproot")
    deserialization: Any = importlib.import_module("uproot.deserialization")

    def refuse(*_: object) -> None:
        raise ValueError("only the file itself describes this class")

    deserialization.compile_class = refuse
    return uproot


def text(value: object) -> str:
    return str(value)[:_TEXT].encode("utf-8", "replace").decode()


def finite(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def branches_of(named: Iterable[tuple[Any, Any]], count: int) -> Json:
    shown = [{"name": text(name), "type": text(kind)} for name, kind in islice(named, _BRANCHES)]
    return {"branches": shown, "more": max(0, count - len(shown))}


def type_of(branch: Any) -> str:
    try:
        return str(branch.typename)
    except Exception:
        return str(branch.member("fClassName", none_if_missing=True) or "")


def tree_of(tree: Any) -> Json:
    branches = tree.branches
    named = ((branch.name, type_of(branch)) for branch in branches)
    return {"entries": int(tree.num_entries), **branches_of(named, len(branches))}


def fields_of(ntuple: Any) -> Json:
    names = ntuple.keys(recursive=False)
    named = ((name, ntuple[name].typename) for name in names)
    return {"entries": int(ntuple.num_entries), **branches_of(named, len(names))}


def axis_of(axis: Any) -> Json:
    low, high = (finite(axis.member(name)) for name in ("fXmin", "fXmax"))
    return {"bins": int(axis.member("fNbins")), "low": low, "high": high}


def contents_of(histogram: Any) -> list[float | None]:
    values = histogram.values(flow=False)
    group = -(-len(values) // _CONTENTS) or 1
    return [finite(values[at : at + group].sum()) for at in range(0, len(values), group)]


def histogram_of(histogram: Any) -> Json:
    axes = [axis_of(axis) for axis in histogram.axes]
    is_plain = len(axes) == 1 and not histogram.classname.startswith("TProfile")
    return {
        "title": text(histogram.member("fTitle")),
        "entries": finite(histogram.member("fEntries")),
        "axes": axes,
        "contents": contents_of(histogram) if is_plain else [],
    }


def object_at(file: Any, path: str) -> Any:
    key = file.key(path)
    if not 0 <= key.data_uncompressed_bytes <= _OBJECT:
        raise ValueError(f"it claims {key.data_uncompressed_bytes} bytes")
    return file[path]


def looked_into(file: Any, path: str, class_name: str) -> Json:
    if class_name in _TREES:
        return {"tree": tree_of(object_at(file, path))}
    if class_name in _FIELDS:
        return {"tree": fields_of(object_at(file, path))}
    if class_name.startswith(_HISTOGRAMS):
        return {"histogram": histogram_of(object_at(file, path))}
    return {}


def key_of(file: Any, path: str, class_name: str, *, look: bool) -> Json:
    try:
        found = looked_into(file, path, class_name) if look else {}
    except Exception as error:
        found = {"unread": text(f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}")}
    return {"path": text(path), "class_name": text(class_name), **found}


def summary(file: Any) -> Json:
    named = islice(file.iterclassnames(recursive=True, cycle=True), _KEYS + 1)
    classes = list(named)
    keys = [key_of(file, *of, look=number < _LOOKED_INTO) for number, of in enumerate(classes[:_KEYS])]
    return {"keys": keys, "truncated": len(classes) > _KEYS}


def answer() -> Json:
    try:
        uproot = reader()
    except ModuleNotFoundError:
        return {"error": "not_installed"}
    try:
        with os.fdopen(int(sys.argv[1]), "rb") as opened, uproot.open(opened) as file:
            return summary(file)
    except Exception as error:  # whatever a broken file leads to
        return {"error": text(f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}")}


if __name__ == "__main__":
    confine()
    sys.stdout.write(json.dumps(answer(), allow_nan=False))
