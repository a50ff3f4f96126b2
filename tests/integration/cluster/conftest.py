"""Tests of the development cluster itself."""

from tests.integration.cluster.dev_cluster import dev_cluster

__all__ = ["dev_cluster"]
