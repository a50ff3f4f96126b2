"""The store in OpenSearch or Elasticsearch, for sites that have one: what the embedded store does, in documents.

The batches of a host are kept as they travel until some are folded into blocks and summaries (`folding`). Beside these
the records are written in the form of the public JobLens, for its own query service and for dashboards, if wanted.
"""

from __future__ import annotations

from joblens.store.opensearch.client import Access
from joblens.store.opensearch.store import OpensearchStore

__all__ = ["Access", "OpensearchStore"]
