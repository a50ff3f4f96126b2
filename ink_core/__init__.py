"""The INK platform: identity, compute, storage, settings and what REST routes share, usable without any AI."""
