"""Ports for tests that run side by side: nobody gets what another one has."""

from __future__ import annotations

import os
from itertools import permutations

import pytest

import free_ports
from casier.kernel.instance import Port


def test_two_offsets_never_have_a_port_in_common() -> None:
    assert all((one - other) % free_ports.STEP for one, other in permutations(Port, 2))


def test_an_offset_is_given_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(free_ports, "is_free", lambda _: True)
    monkeypatch.setattr(free_ports, "HIGHEST", 211 + free_ports.STEP)
    monkeypatch.setattr(free_ports, "_TAKEN", taken := [])
    monkeypatch.setattr(free_ports, "_NAME", f"\0casier-test-{os.getpid()}-{{}}")
    try:
        assert {free_ports.free_offset(), free_ports.free_offset()} == {210, 210 + free_ports.STEP}
        with pytest.raises(RuntimeError):
            free_ports.free_offset()
    finally:
        for name in taken:
            name.close()
