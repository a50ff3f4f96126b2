"""`make bench NAME=verdicts`: how often the verdict on a job is the class that the job was made to be.

`corpus` lists the jobs, each a run of `workload` with a label; `cluster_run` submits them to the development cluster
and collects them with the real collector, `local_run` starts them here under a starter of its own; `report` counts.
"""
