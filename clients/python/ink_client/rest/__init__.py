"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

""" A client library for accessing INK Harness """
from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)
