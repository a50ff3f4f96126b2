"""Checks for machines with a GPU: run by hand there, they write a trace that the tests replay everywhere."""
