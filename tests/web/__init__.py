"""Tests of the page in a real browser, against the contract of the HTTP interface."""
