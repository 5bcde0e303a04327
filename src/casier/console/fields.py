"""A policy's fields as a form: made from the types, so that a new field needs a label and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import msgspec
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _
from msgspec import inspect

from casier.policies.api import Policy, flat
from casier.policies.helping import HELP
from casier.policies.words import CHOICES, FIELDS, SECTIONS, section_of, value_words


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a policy for a form: its kind decides how it is shown and read."""

    name: str
    label: str
    kind: str  # "flag", "choice", "choices", "number", "size", "numbers", "list", "text", "day"
    value: object
    choices: tuple[tuple[str, str], ...] = ()
    least: int | None = None
    most: int | None = None
    help: str = ""

    @property
    def shown(self) -> str:
        """The value as it stands in a text field."""
        if isinstance(self.value, list | tuple):
            return ", ".join(str(one) for one in self.value)
        if self.kind == "size" and isinstance(self.value, int):
            return written(self.value, in_words(("o", "B")))
        return "" if self.value is None else str(self.value)

    @property
    def allowed(self) -> str:
        """What may stand here, where the field itself doesn't show it."""
        if self.kind == "size":
            return _("Au moins %(least)s.") % {"least": in_words(value_words(self.least, self.name))}
        if self.least is None or self.most is None:
            return ""
        return _("De %(least)d à %(most)d.") % {"least": self.least, "most": self.most}


_UNITS = {"K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_SIZE = re.compile(r"([0-9]{1,15})(?:[.,]([0-9]{1,3}))?\s*([KMGT]?)(?:O|B|OCTETS|BYTES)?", re.IGNORECASE)
_LONGEST_NUMBER = 15


def written(size: int, letter: str) -> str:
    """SIZE as one types it, to the byte: « 25 Mo », or the bare number where no unit gives it whole."""
    for unit in ("T", "G", "M"):
        if size and size % _UNITS[unit] == 0:
            return f"{size // _UNITS[unit]} {unit}{letter}"
    return str(size)


def parsed_size(text: str) -> int | str:
    """« 25 Mo », « 1,5 Go » or a number of bytes; what is none stays text, to be refused at its field."""
    match = _SIZE.fullmatch(text.replace("\u00a0", " ").replace("\u202f", " ").strip())
    if match is None:
        return text
    unit = _UNITS.get(match[3].upper(), 1)
    part = int((match[2] or "").ljust(3, "0")) * unit // 1000
    return int(match[1]) * unit + part


def in_words(pair: tuple[str, str]) -> str:
    """The one of French and English that the page speaks."""
    return pair[1] if (translation.get_language() or "fr").startswith("en") else pair[0]


def sections(policy: Policy) -> list[dict[str, Any]]:
    """A policy to be read: each section with its fields and values in words."""
    found: dict[str, list[dict[str, str]]] = {name: [] for name in SECTIONS}
    for name, value in flat(policy).items():
        row = {"name": name, "label": in_words(FIELDS[name]), "value": in_words(value_words(value, name))}
        found[section_of(name)].append(row)
    return [
        {"name": name, "slug": name or "reseaux", "title": in_words(SECTIONS[name]), "rows": rows}
        for name, rows in found.items()
    ]


def fields(policy: Policy, section: str) -> list[Field]:
    """The fields of SECTION ("" for those that stand in none), ready for a form."""
    values = flat(policy)
    owner = type(getattr(policy, section)) if section else Policy
    info = inspect.type_info(owner)
    assert isinstance(info, inspect.StructType)  # noqa: S101  a policy is made of structs
    prefix = f"{section}." if section else ""
    return [
        _field(f"{prefix}{one.name}", one.type, values[f"{prefix}{one.name}"])
        for one in info.fields
        if f"{prefix}{one.name}" in FIELDS
    ]


def _field(name: str, kind: inspect.Type, value: object) -> Field:
    label, help_ = in_words(FIELDS[name]), in_words(HELP[name])
    if isinstance(kind, inspect.IntType):
        number = "size" if name.endswith("_bytes") else "number"
        return Field(name, label, number, value, least=kind.ge, most=kind.le, help=help_)
    if isinstance(kind, inspect.LiteralType):
        return Field(name, label, "choice", value, _choices(kind), help=help_)
    if isinstance(kind, inspect.VarTupleType):
        one = kind.item_type
        named = isinstance(one, inspect.LiteralType)
        choices = _choices(one) if isinstance(one, inspect.LiteralType) else ()
        several = "numbers" if isinstance(one, inspect.IntType) else "list"
        return Field(name, label, "choices" if named else several, value, choices, help=help_)
    plain = {inspect.BoolType: "flag", inspect.UnionType: "day"}
    return Field(name, label, plain.get(type(kind), "text"), value, help=help_)


def _choices(kind: inspect.LiteralType) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), in_words(CHOICES[str(value)])) for value in kind.values)


def read(policy: Policy, section: str, sent: QueryDict) -> dict[str, Any]:
    """The values of a whole policy with those of SECTION as they were SENT; not checked yet."""
    values: dict[str, Any] = msgspec.to_builtins(policy)
    _fill(values, policy, section, sent)
    return values


def read_all(policy: Policy, sent: QueryDict) -> dict[str, Any]:
    """The same with every section."""
    values: dict[str, Any] = msgspec.to_builtins(policy)
    for section in SECTIONS:
        _fill(values, policy, section, sent)
    return values


def _fill(values: dict[str, Any], policy: Policy, section: str, sent: QueryDict) -> None:
    place = values[section] if section else values
    for field in fields(policy, section):
        place[field.name.rpartition(".")[2]] = _read(field, sent)


def _read(field: Field, sent: QueryDict) -> Any:
    text = sent.get(field.name, "").strip()
    if field.kind == "flag":
        return text == "on"
    if field.kind == "choices":
        return _ticked(field, set(sent.getlist(field.name)))
    if field.kind == "size":
        return parsed_size(text)
    if field.kind == "number":
        return _number(text)
    if field.kind in {"list", "numbers"}:
        parts = [part.strip() for part in text.split(",") if part.strip()]
        return [_number(part) for part in parts] if field.kind == "numbers" else parts
    return text or (None if field.kind == "day" else "")


def _number(text: str) -> int | str:
    """The number that TEXT is; what is none stays text, and is refused at its field."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else text


def _ticked(field: Field, sent: set[str]) -> list[str]:
    """What was ticked: what stood there before keeps its order, what is new comes after it."""
    before = [str(value) for value in field.value] if isinstance(field.value, list) else []
    kept = [value for value in before if value in sent]
    return kept + [value for value, _label in field.choices if value in sent and value not in kept]
