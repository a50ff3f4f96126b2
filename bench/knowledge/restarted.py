"""One process that finds the saved model again: `python -m bench.knowledge.restarted DATABASE`. A line of JSON."""

from __future__ import annotations

import json
import sys
import time

from bench.knowledge.held import rss_mb, size_of
from ink_core.db import Database
from knowledge_graph.model import GlobalModel
from knowledge_graph.store.sql import SqlKnowledgeStore


def main() -> None:
    database, model = Database(f"sqlite:///{sys.argv[1]}"), GlobalModel()
    began = time.perf_counter()
    model.recover(SqlKnowledgeStore(database).recover())
    seconds = round(time.perf_counter() - began, 2)
    database.close()
    print(json.dumps({**size_of(model), "restart_s": seconds, "rss_mb": rss_mb()}))


if __name__ == "__main__":
    main()
