"""Processes: kept alive, started in order, stopped together, reported on."""
