"""Tests of the product: unit, contract, integration, acceptance, security and web."""
