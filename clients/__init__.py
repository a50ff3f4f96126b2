"""Clients of the REST interface, and what makes them."""
