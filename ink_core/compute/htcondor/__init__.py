"""HTCondor by its Python bindings, `htcondor2` and `classad2`.

The bindings hold the interpreter's lock while they wait for the network, for a minute where a daemon is silent. So they
run in a child process of their own, and the adapters here only talk to that; a call past its deadline kills the child.
"""
