"""HTCondor by its Python bindings, `htcondor2` and `classad2`.

The bindings hold the interpreter's lock while they wait for the network, for a minute where a daemon is silent.
Elsewhere than in a child process (`in_child`) these adapters would stop everything else that their process does.
"""
