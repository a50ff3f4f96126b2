"""The whole interface under generated requests, against its own OpenAPI document (schemathesis)."""
