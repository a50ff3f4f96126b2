"""eBPF: the programs (`*.bpf.c`, one object), what they share with Python (`layout`), and for each its reader.

`lifecycle` says which process trees there are, `usage` what they used, `files` and `net` their traffic by file and by
peer; `probe` is the adapter that the collector takes, `libbpf` the only door to the library of that name. `build`
remakes the object. At run time neither a compiler nor kernel headers are needed. Standard library only.
"""
