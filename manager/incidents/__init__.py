"""Incidents in the running platform: looked for every so often, kept in the ledger, told to the model and to people."""
