"""Incidents of the site: detectors see signs in what the model knows, a machine makes incidents of signs that last.

`scene` reads the model, `detectors` are pure functions from a scene to signs, `machine` decides what becomes of an
incident and `book` keeps them, as a fold over what the machine decided. Nothing here does anything to the site: what
could be done is proposed (`proposals`), and goes through the gate when somebody asks for it.
"""
