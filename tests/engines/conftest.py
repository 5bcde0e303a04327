"""Daemons that several files of tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engines.roads_rig import Outside, Rig, Store, running_roads


@pytest.fixture(scope="session")
def roads() -> Iterator[tuple[Rig, Store, Outside]]:
    """Every mail road with real daemons, started once for all tests of a run."""
    with running_roads() as running:
        yield running


@pytest.fixture
def rig(roads: tuple[Rig, Store, Outside]) -> Rig:
    return roads[0]


@pytest.fixture
def store(roads: tuple[Rig, Store, Outside]) -> Store:
    return roads[1]


@pytest.fixture
def outside(roads: tuple[Rig, Store, Outside]) -> Outside:
    return roads[2]
