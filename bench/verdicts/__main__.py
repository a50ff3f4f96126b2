"""`make bench NAME=verdicts [ARGS=local]`: on the development cluster, or with `local` under a starter of its own."""

from __future__ import annotations

import json
import os
import sys

from bench.machine import machine
from bench.verdicts import cluster_run, local_run
from bench.verdicts.corpus import CORPUS
from bench.verdicts.report import Judged, figures
from joblens.bpf.probe import BpfProbe


def _local() -> list[Judged]:
    probe = BpfProbe(starters=(local_run.STARTER,))
    probe.open()
    try:
        return local_run.judge_all(probe, CORPUS, at_once=1, priority=local_run.FIRST)
    finally:
        probe.close()


def main() -> None:
    load = os.getloadavg()[0]
    judged = _local() if sys.argv[1:] == ["local"] else cluster_run.judge_all(CORPUS)
    for each in judged:
        right = "right" if each.verdict.cause is each.case.label else "WRONG"
        print(f"{right} {each.where:8} {each.case.name}: {each.verdict.cause.value}. {each.verdict.sentence}")
    print(json.dumps(figures(judged) | {"load_before": round(load, 1), "machine": machine()}))


if __name__ == "__main__":
    main()
