"""The register of processing: what the product ships, what the academy adds, in versions.

Its times are read from the table by which things are erased, and from the policy in force: it can't lie.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from casier.audit.api import Actor, record
from casier.directory.mandates import Ability
from casier.directory.models import Academy
from casier.kernel.words import Words
from casier.policies.api import Policy, policy_for
from casier.privacy.access import authorise
from casier.privacy.errors import BadRegister
from casier.privacy.keeping.kind import BASIS_WORDS, ENDS_WORDS, Kind
from casier.privacy.keeping.table import kind_named
from casier.privacy.models import RegisterVersion, Sweep

LONGEST = 1000
_SPACES = re.compile(r"[ \t\f\v]+")
# What an academy says, in order: its name in the file, what it is called.
FIELDS: Mapping[str, Words] = {
    "controller": ("Responsable du traitement", "Controller"),
    "controller_contact": ("Coordonnées du responsable", "Contact of the controller"),
    "service": ("Service chargé de la mise en œuvre", "Service in charge"),
    "dpo": ("Délégué à la protection des données", "Data protection officer"),
    "dpo_contact": ("Coordonnées du délégué", "Contact of the officer"),
    "processors": ("Sous-traitants", "Processors"),
    "recipients": ("Autres destinataires", "Other recipients"),
    "notes": ("Précisions", "Notes"),
}
NO_TRANSFER: Words = (
    "Aucun transfert hors de l’Union européenne.",
    "No transfer out of the European Union.",
)
PUSH: Words = (
    "Aucun transfert hors de l’Union européenne, sauf choix de la personne : si elle active les alertes d’un "
    "appareil, le service de son navigateur (qui peut être hors de l’Union) reçoit un signal chiffré, sans "
    "contenu ni nom.",
    "No transfer out of the European Union, unless the person chooses: where they turn on a device’s alerts, "
    "their browser’s push service (which may be outside of the Union) gets an encrypted signal, without "
    "content or name.",
)


@dataclass(frozen=True, slots=True)
class Line:
    """How long one kind is kept."""

    title: str
    time: str
    # What sets the time, and between what; FIRM: why no policy sets it otherwise, where none does.
    set_by: str
    basis: str
    why: str
    firm: str = ""


@dataclass(frozen=True, slots=True)
class Processing:
    """One processing, in one language."""

    code: str
    title: str
    purpose: str
    basis: str
    people: str
    data: str
    recipients: str
    kept: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """The register of an academy, in one language. VERSION 0: the academy has added nothing yet."""

    academy: str
    version: int
    changed_at: datetime | None
    fields: dict[str, str]
    processings: tuple[Processing, ...]
    transfers: str
    security: tuple[str, ...]
    erased_at: datetime | None

    @property
    def missing(self) -> list[str]:
        """The fields that the law asks for and nobody has filled in."""
        return [
            name
            for name in ("controller", "controller_contact", "dpo", "dpo_contact")
            if not self.fields[name]
        ]


def register_of(academy: Academy, language: str) -> Register:
    """The register of ACADEMY as it stands."""
    last = RegisterVersion.objects.filter(academy=academy).order_by("-number").first()
    policy, shipped = policy_for(academy), _shipped()
    sweep = Sweep.objects.exclude(done_at=None).order_by("-on").first()
    place = 1 if language == "en" else 0
    return Register(
        academy=academy.name,
        version=last.number if last else 0,
        changed_at=last.at if last else None,
        fields={name: str(last.values.get(name, "")) if last else "" for name in FIELDS},
        processings=tuple(_processing(one, policy, place) for one in shipped["processing"]),
        transfers=(PUSH if policy.notifications.push != "off" else NO_TRANSFER)[place],
        security=tuple(shipped["security"]["en" if place else "fr"]),
        erased_at=sweep.done_at if sweep else None,
    )


def change(
    academy: Academy, values: Mapping[str, str], *, by: Actor, reason: str, now: datetime
) -> RegisterVersion:
    """Say what is different; the rest stays. Raises NotAllowed, BadRegister."""
    authorise(by, Ability.SEE_REGISTER, academy, now)
    checked = {name: _checked(name, text) for name, text in values.items()}
    if not reason.strip():
        raise BadRegister("Say why.", field="reason")
    with transaction.atomic():
        locked = Academy.objects.select_for_update().get(pk=academy.pk)
        rows = RegisterVersion.objects.filter(academy=locked)
        last = rows.order_by("-number").first()
        before = dict(last.values) if last else {}
        then = {**before, **checked}
        if last is not None and then == before:
            return last
        number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
        row = RegisterVersion.objects.create(
            academy=locked, number=number, values=then, at=now, by=by.name, reason=reason
        )
        fields = sorted(name for name in checked if checked[name] != before.get(name, ""))
        record(
            by, "register.changed", f"academy:{locked.slug}", reason,
            academy=locked.slug, at=now, number=number, fields=fields,
        )  # fmt: skip
    return row


def exported(academy: Academy, *, by: Actor, form: str, now: datetime) -> None:
    """That the register went out as a file. Raises NotAllowed."""
    authorise(by, Ability.SEE_REGISTER, academy, now)
    with transaction.atomic():
        record(
            by, "register.exported", f"academy:{academy.slug}", "", academy=academy.slug, at=now, form=form
        )


def versions_of(academy: Academy) -> list[RegisterVersion]:
    """The latest first."""
    return list(RegisterVersion.objects.filter(academy=academy).order_by("-number"))


def as_data(register: Register) -> dict[str, Any]:
    """The register for a program."""
    return {
        "academy": register.academy,
        "version": register.version,
        "changedAt": register.changed_at.isoformat() if register.changed_at else None,
        **register.fields,
        "missing": register.missing,
        "transfers": register.transfers,
        "security": list(register.security),
        "lastErasure": register.erased_at.isoformat() if register.erased_at else None,
        "processings": [
            {
                "code": one.code,
                "title": one.title,
                "purpose": one.purpose,
                "legalBasis": one.basis,
                "people": one.people,
                "data": one.data,
                "recipients": one.recipients,
                "retention": [
                    {
                        "what": line.title,
                        "time": line.time,
                        "setBy": line.set_by,
                        "basis": line.basis,
                        "why": line.why,
                        "notSettable": line.firm,
                    }
                    for line in one.kept
                ],
            }
            for one in register.processings
        ],
    }


def as_rows(register: Register, language: str) -> Iterator[list[str]]:
    """The register as a table: a line for each kind of data of each processing, the column names first."""
    heads: tuple[Words, ...] = (
        ("Traitement", "Processing"), ("Finalité", "Purpose"), ("Base légale", "Legal basis"),
        ("Personnes", "People"), ("Données", "Data"), ("Destinataires", "Recipients"),
        ("Sorte de données", "Kind of data"), ("Durée", "Time"), ("Fixée par", "Set by"), ("Pourquoi", "Why"),
        ("Pourquoi elle ne se règle pas", "Why it isn’t settable"),
    )  # fmt: skip
    yield [one[1 if language == "en" else 0] for one in heads]
    for one in register.processings:
        shared = [one.title, one.purpose, one.basis, one.people, one.data, one.recipients]
        for line in one.kept:
            yield [*shared, line.title, line.time, line.set_by, f"{line.why} {line.basis}", line.firm]


def line_of(kind: Kind, policy: Policy, place: int) -> Line:
    """KIND where POLICY is in force, in the language at PLACE."""
    days = kind.days(policy)
    time = _time(days, place) if days is not None else ENDS_WORDS[kind.ends][place]
    set_by = ENDS_WORDS[kind.ends][place] if days is not None else ""
    if bounds := kind.bounds():
        set_by += (", de {} à {} jours", ", {} to {} days")[place].format(*bounds)
    firm = kind.firm[place] if kind.firm else ""
    return Line(kind.title[place], time, set_by, BASIS_WORDS[kind.basis][place], kind.why[place], firm)


def _time(days: int, place: int) -> str:
    if days >= 365 and days % 365 == 0:
        years = days // 365
        return (f"{years} an{'s' if years > 1 else ''}", f"{years} year{'s' if years > 1 else ''}")[place]
    return (f"{days} jour{'s' if days > 1 else ''}", f"{days} day{'s' if days != 1 else ''}")[place]


def _processing(raw: Mapping[str, Any], policy: Policy, place: int) -> Processing:
    kept = tuple(line_of(kind_named(code), policy, place) for code in raw["kinds"])
    names = ("title", "purpose", "basis", "people", "data", "recipients")
    return Processing(code=raw["code"], kept=kept, **{name: raw[name][place] for name in names})


def _checked(name: str, text: str) -> str:
    if name not in FIELDS:
        raise BadRegister(f"The register has no field {name!r}. There are: {', '.join(FIELDS)}.", field=name)
    # No-break spaces stay: they are how French is written.
    plain = "\n".join(_SPACES.sub(" ", line).strip(" ") for line in text.strip().splitlines())
    if len(plain) > LONGEST:
        raise BadRegister("Too long.", field=name, most=LONGEST)
    return plain


@cache
def _shipped() -> Mapping[str, Any]:
    with (Path(__file__).parent / "data" / "register.toml").open("rb") as file:
        return tomllib.load(file)
