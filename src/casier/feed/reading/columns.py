"""Which column of a CSV file is what: proposed by the columns' names, decided by who imports, kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from casier.feed.reading.cells import hidden
from casier.feed.reading.cleaning import cleaned
from casier.feed.reading.files import not_there
from casier.feed.records import BadFeed
from casier.kernel.tables import BadTable, Layout, comparable, layout_of, rows

PEOPLE, SCHOOLS = "people", "schools"
_SAMPLE, _SHOWN = 5, 80

# Names by which each field is known, without case, accents and signs; the first columns win.
_KNOWN: dict[str, dict[str, tuple[str, ...]]] = {
    PEOPLE: {
        "key": ("entpersonjointure", "jointure", "idjointure", "cle", "key", "identifiant", "id"),
        "numen": ("numen",),
        "title": ("civilite", "titre", "title", "personaltitle"),
        "family_name": (
            "nomusage", "nomdusage", "nom", "sn", "familyname", "lastname", "surname", "nomusuel", "name",
        ),
        "birth_name": (
            "nompatronymique", "nomdenaissance", "nomnaissance", "nomdefamille", "nompatro", "birthname",
            "entpersonnompatro", "maidenname",
        ),
        "given_name": ("prenom", "prenomusuel", "givenname", "firstname", "prenoms"),
        "birth_date": (
            "datedenaissance", "datenaissance", "naissance", "nele", "neele", "birthdate", "dateofbirth",
            "entpersondatenaissance",
        ),
        "address": (
            "mail", "mel", "courriel", "email", "adresse", "adressemail", "adresseelectronique",
            "melprofessionnel",            "address", "mailprofessionnel",
        ),
        "school": (
            "uai", "rne", "codeuai", "coderne", "etablissement", "codeetablissement", "affectation", "school",
            "uaiaffectation", "etab",
        ),
        "function": ("fonction", "codefonction", "function", "functioncode"),
        "function_label": ("libellefonction", "libelledelafonction", "functionlabel", "intitule", "emploi"),
        "subjects": ("discipline", "disciplines", "matiere", "matieres", "subject", "subjects"),
        "classes": ("classe", "classes", "division", "divisions", "class"),
        "principal_of": ("professeurprincipal", "profprincipal", "pp", "principalof", "classeprincipale"),
        "starts_on": ("datedebut", "debut", "dateentree", "startson", "startdate", "datedeffet", "dateeffet"),
        "ends_on": ("datefin", "fin", "datesortie", "endson", "enddate", "findefonction", "datedefin"),
    },
    SCHOOLS: {
        "uai": ("uai", "rne", "codeuai", "coderne", "numerouai", "identifiantdeletablissement"),
        "name": ("nom", "denomination", "nometablissement", "etablissement", "name", "appellationofficielle"),
        "kind": ("type", "nature", "typeetablissement", "kind", "libellenature"),
        "city": ("ville", "commune", "city", "libellecommune", "nomcommune"),
        "postal_code": ("codepostal", "cp", "postalcode", "zip"),
        "department": ("departement", "codedepartement", "department"),
        "networks": ("reseau", "reseaux", "circonscription", "bassin", "network", "networks"),
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What each column of a kind of file is: `columns` goes from a field to the column's name in the file.

    It is kept (`to_json`) and used again for the next file of the same columns. COMPLETE: whoever isn't in
    the file is gone, which only the person who imports can know of a CSV.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    holds: str = PEOPLE
    complete: bool = False

    def to_json(self) -> dict[str, Any]:
        """What `from_json` makes it of again."""
        return {**asdict(self), "columns": dict(self.columns)}

    @classmethod
    def from_json(cls, data: object) -> ColumnMap:
        """A map that was kept. Raises BadFeed where it isn't one."""
        match data:
            case {"columns": dict(columns), "holds": str(holds), "complete": bool(complete)} if (
                holds in _KNOWN
                and columns.keys() <= _KNOWN[holds].keys()
                and all(isinstance(column, str) for column in columns.values())
            ):
                return cls(columns, holds, complete)
        raise BadFeed("These are not columns that were kept.", reason="bad_columns")

    def missing(self) -> tuple[str, ...]:
        """The fields without which nothing can be read. A key alone is enough to add to what is known."""
        if self.holds == SCHOOLS:
            return tuple(name for name in ("uai", "name") if name not in self.columns)
        if "key" in self.columns and not {"given_name", "family_name"} & self.columns.keys():
            return ()
        return tuple(name for name in ("given_name", "family_name") if name not in self.columns)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A file looked at: how it is written, what its columns seem to be, the others, a few rows."""

    layout: Layout
    map: ColumnMap
    unknown: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields that someone must still find a column for."""
        return self.map.missing()


def fields(holds: str) -> tuple[str, ...]:
    """The fields that a column can be, of people or of schools."""
    return tuple(_KNOWN[holds])


def propose(path: Path, kept: ColumnMap | None = None) -> Proposal:
    """What the columns of the file at PATH seem to be: as KEPT where it has those. Raises BadFeed."""
    try:
        with path.open("rb") as stream:
            layout = layout_of(stream)
            sample = tuple(
                tuple(hidden(cleaned(cell)[:_SHOWN]) for cell in row)
                for _, row in islice(rows(stream, layout), _SAMPLE)
            )
    except OSError as error:
        raise not_there(path) from error
    except BadTable as error:
        raise of_table(error, path.name) from error
    known = kept and set(kept.columns.values()) <= set(layout.columns)
    map_ = kept if kept and known else _guessed(layout.columns)
    unknown = tuple(cleaned(one)[:_SHOWN] for one in layout.columns if one not in map_.columns.values())
    return Proposal(layout, map_, unknown, sample)


def of_table(error: BadTable, name: str) -> BadFeed:
    """The same about a feed."""
    return BadFeed(f"{name}: {error}", file=name, **error.facts)


def _guessed(columns: Sequence[str]) -> ColumnMap:
    """Of people where given names are there, else of whatever more columns are known for."""
    maps = [ColumnMap(_found(columns, known), holds) for holds, known in _KNOWN.items()]
    if "given_name" in maps[0].columns or "numen" in maps[0].columns:
        return maps[0]
    return max(maps, key=lambda one: len(one.columns))


def _found(columns: Sequence[str], known: dict[str, tuple[str, ...]]) -> dict[str, str]:
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(comparable(column), column)
    found = {
        target: next(by_name[name] for name in names if name in by_name)
        for target, names in known.items()
        if not by_name.keys().isdisjoint(names)
    }
    if "birth_name" in found and "family_name" in known and "family_name" not in found:
        found["family_name"] = found.pop("birth_name")  # a "nom de famille" alone is the name that is used
    return found
