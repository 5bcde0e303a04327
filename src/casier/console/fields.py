"""A policy's fields as a form: made from the types, so that a new field needs a label and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from django.http import QueryDict
from django.utils import translation
from msgspec import inspect

from casier.policies.api import Policy, flat
from casier.policies.words import CHOICES, FIELDS, SECTIONS, section_of, value_words


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a policy for a form: its kind decides how it is shown and read."""

    name: str
    label: str
    kind: str  # "flag", "choice", "choices", "number", "list", "text", "day"
    value: object
    choices: tuple[tuple[str, str], ...] = ()
    least: int | None = None
    most: int | None = None

    @property
    def shown(self) -> str:
        """The value as it stands in a text field."""
        if isinstance(self.value, list | tuple):
            return ", ".join(str(one) for one in self.value)
        return "" if self.value is None else str(self.value)


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
    label = in_words(FIELDS[name])
    if isinstance(kind, inspect.IntType):
        return Field(name, label, "number", value, least=kind.ge, most=kind.le)
    if isinstance(kind, inspect.LiteralType):
        return Field(name, label, "choice", value, _choices(kind))
    if isinstance(kind, inspect.VarTupleType):
        one = kind.item_type
        named = isinstance(one, inspect.LiteralType)
        choices = _choices(one) if isinstance(one, inspect.LiteralType) else ()
        return Field(name, label, "choices" if named else "list", value, choices)
    plain = {inspect.BoolType: "flag", inspect.UnionType: "day"}
    return Field(name, label, plain.get(type(kind), "text"), value)


def _choices(kind: inspect.LiteralType) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), in_words(CHOICES.get(str(value), (str(value),) * 2))) for value in kind.values)


def read(policy: Policy, section: str, sent: QueryDict) -> dict[str, Any]:
    """The values of a whole policy with those of SECTION as they were SENT; not checked yet."""
    values: dict[str, Any] = msgspec.to_builtins(policy)
    place = values[section] if section else values
    for field in fields(policy, section):
        place[field.name.rpartition(".")[2]] = _read(field, sent)
    return values


def _read(field: Field, sent: QueryDict) -> Any:
    text = sent.get(field.name, "").strip()
    if field.kind == "flag":
        return text == "on"
    if field.kind == "choices":
        return _ticked(field, set(sent.getlist(field.name)))
    if field.kind == "number":
        return int(text) if text.isascii() and text.isdigit() else text
    if field.kind == "list":
        parts = [part.strip() for part in text.split(",") if part.strip()]
        numbers = isinstance(field.value, list) and field.value and isinstance(field.value[0], int)
        return [int(part) if numbers and part.isdigit() else part for part in parts]
    return text or (None if field.kind == "day" else "")


def _ticked(field: Field, sent: set[str]) -> list[str]:
    """What was ticked: what stood there before keeps its order, what is new comes after it."""
    before = [str(value) for value in field.value] if isinstance(field.value, list) else []
    kept = [value for value in before if value in sent]
    return kept + [value for value, _label in field.choices if value in sent and value not in kept]
