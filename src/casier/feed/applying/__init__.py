"""Doing what a run planned, and undoing it."""
