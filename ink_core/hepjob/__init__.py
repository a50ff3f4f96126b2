"""The commands `hep_sub`, `hep_q`, `hep_rm`, `hep_hold`, `hep_release`, `hep_edit` and `hep_clus`.

They talk REST with a token and need no batch system where they run. Standard library only: they start at once.
"""
