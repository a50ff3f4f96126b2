"""Batch jobs: one job model over HTCondor, Slurm and the embedded local scheduler, and a mirror of their queues."""
