"""The journal as the console reads it: what was asked for, within whose reach, and each entry in words."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casier.audit.api import Query, Recorded, record
from casier.audit.models import JournalEntry
from casier.console.access import Desk
from casier.console.acting import NotWithin
from casier.console.deeds import action_words, known_actions, reason_words
from casier.console.wording import actor_words
from casier.directory.access import journal_name, owner_with
from casier.directory.errors import NotFound
from casier.directory.mandates import Ability
from casier.directory.models import Academy, Account, FunctionalMailbox

NAMES = ("academie", "qui", "sur", "acte", "texte", "depuis", "jusqu")
_LONGEST = 254
# What the database numbers: its beginning is enough to tell it from another.
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, the query it means, and what is wrong with it, field by field."""

    values: dict[str, str]
    query: Query
    errors: dict[str, str] = field(default_factory=dict)
    # Who has no whole academy in their reach names a person of it.
    person_wanted: bool = False

    @property
    def facts(self) -> dict[str, str]:
        return {name: value for name, value in self.values.items() if value}


def asked(desk: Desk, given: Mapping[str, Any]) -> Asked:
    """What GIVEN means, within what DESK's offices reach. Raises NotAllowed where they reach nothing."""
    desk.require_some(Ability.SEE_JOURNAL)
    values = {name: str(given.get(name, "") or "").strip()[:_LONGEST] for name in NAMES}
    errors: dict[str, str] = {}
    slug = values["academie"]
    if slug:
        desk.looked_at(slug, Ability.SEE_JOURNAL)
    whole = _slugs(desk.academies(Ability.SEE_JOURNAL), slug)
    actor, target = (_named(desk, values[name], name, errors) for name in ("qui", "sur"))
    until = _day(values["jusqu"], "jusqu", errors)
    query = Query(
        actor=actor,
        target=target,
        action=values["acte"] if values["acte"] in known_actions() else "",
        text=values["texte"],
        since=_day(values["depuis"], "depuis", errors),
        until=until + timedelta(days=1) if until else None,
        # Of a person within reach, whatever stands there; else what concerns whole academies.
        academies=_slugs(desk.reached(Ability.SEE_JOURNAL), slug) if target or not whole else whole,
    )
    return Asked(values, query, errors, not whole and not target)


def _slugs(academies: Iterable[Academy], slug: str) -> tuple[str, ...]:
    """Their short names; the one called SLUG alone, where one was chosen."""
    return tuple(academy.slug for academy in academies if not slug or academy.slug == slug)


def _named(desk: Desk, address: str, name: str, errors: dict[str, str]) -> str:
    """Whom ADDRESS names, as the journal writes it. Somebody elsewhere is answered like nobody."""
    if not address:
        return ""
    try:
        owner = owner_with(address)
        within = (
            desk.may(Ability.SEE_JOURNAL, owner)
            if isinstance(owner, Account)
            else desk.may(Ability.SEE_JOURNAL, owner.academy)
        )
        if not within:
            raise NotWithin("Not within your perimeter.")
    except (NotFound, NotWithin):
        errors[name] = _("Personne de votre ressort n’a cette adresse : écrivez-la en entier.")
        return ""
    return journal_name(owner)


def _day(text: str, name: str, errors: dict[str, str]) -> datetime | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        errors[name] = _("Cette date n’est pas lisible.")
        return None
    return timezone.make_aware(datetime.combine(day, time()))


def note_reading(desk: Desk, wanted: Asked) -> None:
    """Write that the journal was read, and what was looked for: once an hour for the same."""
    query = wanted.query
    academy = desk.account.academy.slug
    target = query.target or query.actor or f"academy:{academy}"
    action = "journal.searched"
    since = desk.now - timedelta(hours=1)
    rows = JournalEntry.objects.filter(actor=desk.actor.name, action=action, at__gt=since)
    if any(row.payload.facts.get("asked") == wanted.facts for row in rows.select_related("payload")):
        return
    with transaction.atomic():
        record(desk.actor, action, target, "", academy=academy, at=desk.now, asked=wanted.facts)


def acts() -> list[dict[str, str]]:
    """The acts that can be looked for, by their words."""
    words = [{"code": action, "words": action_words(action)} for action in known_actions()]
    return sorted(words, key=lambda one: one["words"].lower())


def in_words(entries: Iterable[Recorded]) -> list[dict[str, Any]]:
    """ENTRIES for the page: names are looked up for all of them together."""
    rows = list(entries)
    names = _names({text for row in rows for text in (row.actor, row.target)})
    return [
        {
            "row": row,
            "what": action_words(row.action),
            "who": names.get(row.actor) or actor_words(row.actor),
            "whom": names.get(row.target) or thing_words(row.target),
            "reason": reason_words(row.reason),
            "facts": [(name, _plain(value)) for name, value in row.facts.items() if value not in ("", None)],
        }
        for row in rows
    ]


def _names(targets: set[str]) -> dict[str, str]:
    by_kind: dict[str, dict[uuid.UUID, str]] = {"account": {}, "functional": {}}
    for text in targets:
        kind, _colon, name = text.partition(":")
        if kind in by_kind and len(name) == 32:
            try:
                by_kind[kind][uuid.UUID(hex=name)] = text
            except ValueError:
                continue
    people = Account.objects.filter(pk__in=by_kind["account"]).select_related("person")
    boxes = FunctionalMailbox.objects.filter(pk__in=by_kind["functional"])
    found = {by_kind["account"][one.pk]: one.person.full_name for one in people}
    return found | {by_kind["functional"][one.pk]: one.name for one in boxes}


def thing_words(target: str) -> str:
    """What was acted on, where it has no name to look up."""
    kind, _colon, name = target.partition(":")
    words = {
        "account": _("un compte effacé"),
        "functional": _("une boîte fonctionnelle"),
        "academy": _("académie %(name)s"),
        "school": _("établissement %(name)s"),
        "operation": _("acte en nombre %(name)s"),
        "group": _("groupe %(name)s"),
        "mandate": _("charge %(name)s"),
        "feed": _("import %(name)s"),
    }.get(kind)
    shown = name[:12] if _ID.fullmatch(name) else name[:60]
    return words % {"name": shown} if words else shown or target[:60]


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} : {_plain(one)}" for name, one in value.items()) or "–"
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value) or "–"
    return str(value)[:300]
