"""Measures, each with one command; never part of the tests."""
