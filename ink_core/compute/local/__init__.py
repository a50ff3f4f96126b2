"""The embedded scheduler: jobs are child processes of this machine, their queue is one SQLite file. No root, no daemon.

All its processes run under one uid, so it separates users by name only; a shared machine wants HTCondor or Slurm.
"""
