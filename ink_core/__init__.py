"""The INK platform: identity, compute, storage, apps and the REST interface, usable without any AI."""
