"""Which job a process tree is: what is looked at (`evidence`), and what follows from it (`identities`)."""
