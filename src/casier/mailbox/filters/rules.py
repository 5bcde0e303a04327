"""What rules and an absence are, typed. Names travel in camel case; what isn't known is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

Line = Annotated[str, Meta(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
Text = Annotated[str, Meta(max_length=10_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
Name = Annotated[str, Meta(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
Mail = Annotated[str, Meta(max_length=254, pattern=r"^[^\s@\"\\<>\x00-\x1f]+@[^\s@\"\\<>\x00-\x1f]+$")]
Keyword = Annotated[str, Meta(max_length=100, pattern=r"^[A-Za-z0-9$_.&+,-]+$")]
Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Shape(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename="camel"):
    """Part of what a person decides about mail that arrives."""


class Condition(Shape, frozen=True):
    """One thing about a message. Which HOW belongs to which FIELD is in `HOWS`."""

    field: Literal["from", "to", "list", "subject", "size", "attachment", "text"]
    how: Literal["words", "is", "domain", "over", "under", "has"]
    value: Line = ""
    negated: bool = False


HOWS = {
    "from": ("words", "is", "domain"),
    "to": ("words", "is", "domain"),
    "list": ("is",),
    "subject": ("words",),
    "text": ("words",),
    "size": ("over", "under"),  # in kilobytes
    "attachment": ("has",),
}


class Folder(Shape, frozen=True):
    """A folder by its id; by its NAME (path) where the id is gone."""

    id: Id
    name: Line


class Actions(Shape, frozen=True):
    """What is done, in this order."""

    labels: Annotated[tuple[Keyword, ...], Meta(max_length=20)] = ()
    mark_read: bool = False
    star: bool = False
    important: bool = False
    reply: Text | None = None
    redirect: Annotated[tuple[Mail, ...], Meta(max_length=20)] = ()
    keep_copy: bool = True
    folder: Folder | None = None
    stop: bool = False


class Rule(Shape, frozen=True, kw_only=True, tag_field="kind", tag="rule"):
    """A rule made in the form."""

    id: Id
    name: Name
    on: bool = True
    match: Literal["all", "any", "every"] = "all"  # `every`: all messages
    conditions: Annotated[tuple[Condition, ...], Meta(max_length=30)] = ()
    actions: Actions


class Foreign(Shape, frozen=True, kw_only=True, tag_field="kind", tag="foreign"):
    """What another program wrote into our script, as it wrote it."""

    text: str


class Included(Shape, frozen=True, kw_only=True, tag_field="kind", tag="script"):
    """Another program's own script, which ours includes."""

    name: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f/]+$")]


class StandIn(Shape, frozen=True):
    """Who stands in. PASS_ON: mail is sent on to them as well."""

    name: Name
    email: Mail
    pass_on: bool = False


class Absence(Shape, frozen=True):
    """Answers while somebody is away, from the morning of START to the evening of END."""

    on: bool = False
    start: date | None = None
    end: date | None = None
    subject: Line = ""
    inside: Text = ""
    # None: the same words for all.
    outside: Text | None = None
    answer_outside: bool = True
    stand_in: StandIn | None = None


Item = Rule | Foreign | Included


class Rules(Shape, frozen=True):
    """All that a mailbox does by itself, in order; STATE is what it was read at."""

    state: str
    items: Annotated[tuple[Item, ...], Meta(max_length=200)]
    absence: Absence


def faults(rules: Rules) -> Iterator[str]:
    """Where RULES say nothing that could be done, as paths into them; nothing when all is well."""
    seen: set[str] = set()
    for at, rule in enumerate(rules.items):
        if isinstance(rule, Rule):
            yield from (f"items/{at}/{place}" for place in _rule_faults(rule))
            if rule.id in seen:
                yield f"items/{at}/id"
            seen.add(rule.id)
    yield from (f"absence/{place}" for place in _absence_faults(rules.absence))


def _rule_faults(rule: Rule) -> Iterator[str]:
    if (rule.match == "every") != (not rule.conditions):
        yield "conditions"
    for at, condition in enumerate(rule.conditions):
        if not _sound(condition):
            yield f"conditions/{at}"
    actions = rule.actions
    if actions == Actions(stop=actions.stop, keep_copy=actions.keep_copy) and not actions.stop:
        yield "actions"
    if actions.reply is not None and not actions.reply.strip():
        yield "actions/reply"


def _sound(condition: Condition) -> bool:
    if condition.how not in HOWS[condition.field]:
        return False
    if condition.field == "size":
        return condition.value.isascii() and condition.value.isdigit() and len(condition.value) <= 7
    return condition.field == "attachment" or bool(condition.value.strip())


def _absence_faults(absence: Absence) -> Iterator[str]:
    if not absence.on:
        return
    if not absence.inside.strip():
        yield "inside"
    if absence.outside is not None and not absence.outside.strip():
        yield "outside"
    if absence.start and absence.end and absence.end < absence.start:
        yield "end"


def targets_of(rules: Rules) -> list[str]:
    """Every address that mail is sent on to by what is switched on."""
    found = [
        address.lower()
        for rule in rules.items
        if isinstance(rule, Rule) and rule.on
        for address in rule.actions.redirect
    ]
    stand_in = rules.absence.stand_in
    if rules.absence.on and stand_in and stand_in.pass_on:
        found.append(stand_in.email.lower())
    return list(dict.fromkeys(found))
