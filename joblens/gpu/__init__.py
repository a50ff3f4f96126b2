"""GPU figures per job: `reader` is the seam, `nvml` and `amd` its adapters, `nvml_trace` a recording that is replayed.

`join` brings the processes on a card together with the process trees of jobs. Standard library only until a driver is
found on the host: the vendor's library is imported then.
"""
