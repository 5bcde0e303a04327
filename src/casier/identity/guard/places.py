"""Where an address is: by a database on this machine, if one was put there. Nobody outside is asked.

`<instance>/geo/*.mmdb` (MaxMind's format, as several publishers offer it), or the file that `places` in
`instance.toml` names. Without one nothing is known, and what isn't known is never unusual.
"""

from __future__ import annotations

import ipaddress
import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import maxminddb
from django.conf import settings

from casier.identity.guard.unusual import Place
from casier.kernel.instance import Instance

LOG = logging.getLogger("casier.identity.guard.places")


def place_of(address: str) -> Place:
    """The place of ADDRESS; an empty one when it isn't known."""
    reader = _reader(_found(settings.CASIER_INSTANCE))
    return reader.place(address) if reader else Place()


@dataclass(frozen=True, slots=True)
class Places:
    """An open database of places."""

    reader: maxminddb.Reader

    def place(self, address: str) -> Place:
        """The place of ADDRESS, as the database has it."""
        try:
            record = self.reader.get(str(ipaddress.ip_address(address)))
        except (ValueError, maxminddb.InvalidDatabaseError):
            return Place()
        return _read(record) if isinstance(record, dict) else Place()


def open_places(file: Path) -> Places | None:
    """The database in FILE; None when it can't be read, which the log says."""
    try:
        return Places(maxminddb.open_database(file, maxminddb.MODE_MMAP))
    except (OSError, maxminddb.InvalidDatabaseError, ValueError) as error:
        LOG.warning("the database of places %s can't be read: %s", file.name, type(error).__name__)
        return None


def _read(record: dict[str, Any]) -> Place:
    """A record of a country or city database."""
    country = record.get("country")
    code = country.get("iso_code", "") if isinstance(country, dict) else record.get("country_code", "")
    location = record.get("location")
    where = location if isinstance(location, dict) else record
    return Place(str(code or "")[:2].upper(), _degrees(where, "latitude"), _degrees(where, "longitude"))


def _degrees(where: dict[str, Any], name: str) -> float | None:
    value = where.get(name)
    try:
        return None if value is None else float(value)
    except (TypeError, ValueError):
        return None


def _found(instance: Instance) -> tuple[Path, int] | None:
    """The file of places and its age: a new one is opened when it comes."""
    named = instance.settings.get("places")
    files = [Path(str(named))] if named else sorted((instance.root / "geo").glob("*.mmdb"))
    for file in files:
        try:
            return file, file.stat().st_mtime_ns
        except OSError:
            continue
    return None


@lru_cache(maxsize=2)
def _reader(found: tuple[Path, int] | None) -> Places | None:
    return open_places(found[0]) if found else None
