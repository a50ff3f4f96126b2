"""Backups of an installation: the ledger, the database, recordings, and the secret keys sealed to a recipient.

`create` writes one archive while the manager runs, `read` reads and checks one, `restore` makes an installation of it.
docs/adr/0078 says what is in an archive, and why secret keys are in none in the clear.
"""
