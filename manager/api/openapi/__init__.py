"""The OpenAPI document of the whole interface: from the routes' own types, and beside them examples and error codes.

What the types cannot say stands in the YAML files: example values by the name of a field, INK's envelopes, the codes of
the errors and bodies that are not JSON. `make api` writes `docs/reference/openapi.json` from it.
"""
