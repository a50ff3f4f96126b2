"""Where the processes of a captured job spend their CPU time: their calls, sampled by timers of the kernel.

Files that jobs have mapped are read for the names of functions, and may lie on a file system that does not answer. So
all of this is done by a process of its own (`python -m joblens.stacks`), which is asked and ended by the collector
(`joblens/collector/capturing/stack_samples.py`).
"""
