"""Where batches are kept: `trace_store` is the seam; `embedded` is one file, `opensearch` a cluster."""
