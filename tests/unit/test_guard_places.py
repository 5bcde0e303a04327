"""The local database of places: read with the real reader, from a file of our own."""

from __future__ import annotations

from pathlib import Path

from casier.identity.guard.places import open_places
from casier.identity.guard.unusual import Place
from unit.guard_places_file import write_places

PARIS = {"country": {"iso_code": "FR"}, "location": {"latitude": 48.85, "longitude": 2.35}}


def test_a_place_is_read_from_the_file(tmp_path: Path) -> None:
    write_places(tmp_path / "places.mmdb", {"192.0.2.0/24": PARIS, "203.0.113.0/25": {"country_code": "jp"}})
    places = open_places(tmp_path / "places.mmdb")
    assert places is not None
    assert places.place("192.0.2.77") == Place("FR", 48.85, 2.35)
    assert places.place("203.0.113.9") == Place("JP")
    for nowhere in ("203.0.113.200", "10.0.0.1", "2001:db8::1", "not an address", ""):
        assert places.place(nowhere) == Place()


def test_a_file_that_is_no_database_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "broken.mmdb").write_bytes(b"nothing of the kind")
    assert open_places(tmp_path / "broken.mmdb") is None
    assert open_places(tmp_path / "missing.mmdb") is None
