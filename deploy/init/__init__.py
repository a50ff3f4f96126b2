"""The init step: makes keys, certificates, keytabs, accounts and homes of a rendered deployment, on its machine.

It runs as root in a container without network. What is there is left as it is, unless its rotation is asked for.
"""
