"""Per-job observability: a collector on every node, a store, rules over what is stored, and the query interface.

`records` are the values that all of them share. `collector` reads the kernel through a `Probe` and writes `Batch`es to
a `TraceStore`; `api` and `rules` read from the store. The collector runs on every node as its own small process: it,
`records` and the embedded store import the standard library alone.
"""
