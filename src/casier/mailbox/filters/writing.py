"""Rules and absence as Sieve that a person can read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from casier.mailbox.filters import sieve
from casier.mailbox.filters.rules import Absence, Rule

ANSWER_DAYS = 3
# One message is answered once, by the absence first: Sieve refuses a second answer and all the rest with it.
_UNANSWERED = 'not string :is "${answered}" "yes"'
_ANSWERED = 'set "answered" "yes";'


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose rules these are, as far as answers need to know."""

    name: str
    address: str
    addresses: tuple[str, ...]  # all that mail comes to
    domains: tuple[str, ...]  # of the academy
    zone: str = "Europe/Paris"


def rule_body(rule: Rule, owner: Owner) -> str:
    """A rule; switched off it is only a name."""
    name = rule.name or _("Sans nom")
    if not rule.on:
        return f"# {name} ({_('désactivée')})\n"
    return f"# {name}\n" + _when(_condition(rule), [sieve.noted("rule", name), *_actions(rule, owner)])


def _when(condition: str, lines: list[str]) -> str:
    inside = "".join(f"  {line}\n" for line in lines)
    return f"if {condition} {{\n{inside}}}\n"


def _condition(rule: Rule) -> str:
    tests = [sieve.test(condition) for condition in rule.conditions]
    if len(tests) < 2:
        return tests[0] if tests else "true"
    several = ",\n  ".join(tests)
    return f"{'allof' if rule.match == 'all' else 'anyof'} (\n  {several}\n)"


def _actions(rule: Rule, owner: Owner) -> list[str]:
    actions = rule.actions
    flags = sieve.flags_of(actions)
    lines = [f"addflag {sieve.listed(flags)};"] if flags else []
    if actions.reply is not None:
        answer = _vacation(f"casier-{rule.id}", _("Réponse automatique"), actions.reply, owner)
        lines += [f"if {_UNANSWERED} {{ {_ANSWERED}", answer, "}"]
    lines += [*sieve.redirects(actions), *sieve.filing(actions)]
    return [*lines, "stop;"] if actions.stop else lines


def _vacation(handle: str, subject: str, text: str, owner: Owner) -> str:
    parts = (
        f"vacation :days {ANSWER_DAYS} :handle {sieve.quoted(handle)}",
        f":from {sieve.quoted(_mailbox(owner))}",
        f":addresses {sieve.listed(owner.addresses)}",
        f":subject {sieve.quoted(subject)}",
        sieve.block(text) + ";",
    )
    return " ".join(parts)


def _mailbox(owner: Owner) -> str:
    """`"Name" <address>` (RFC 5322 §3.4)."""
    name = owner.name.replace("\\", "").replace('"', "")
    return f'"{name}" <{owner.address}>' if name else owner.address


def absence_body(absence: Absence, owner: Owner) -> str:
    """The answers, between the dates; switched off they are only a line."""
    title = _title(absence)
    if not absence.on:
        return f"# {title} ({_('désactivée')})\n"
    lines = [sieve.noted("absence"), _ANSWERED, *_answers(absence, owner)]
    if absence.stand_in and absence.stand_in.pass_on:
        lines.append(f"redirect :copy {sieve.quoted(absence.stand_in.email)};")
    tests = [_dated("ge", absence.start, owner.zone), _dated("le", absence.end, owner.zone)]
    condition = ", ".join(test for test in tests if test)
    return f"# {title}\n" + _when(f"allof ({condition})" if condition else "true", lines)


def _title(absence: Absence) -> str:
    start, end = (date_format(day, "j F Y") if day else "" for day in (absence.start, absence.end))
    if start and end:
        return _("Absence du %(start)s au %(end)s") % {"start": start, "end": end}
    if end:
        return _("Absence jusqu’au %(end)s") % {"end": end}
    return _("Absence à partir du %(start)s") % {"start": start} if start else _("Absence")


def _dated(relation: str, day: date | None, zone: str) -> str:
    """A day of the owner's calendar: the offset is the one of that day."""
    if day is None:
        return ""
    offset = datetime.combine(day, time(12), ZoneInfo(zone)).strftime("%z")
    return f'currentdate :zone "{offset}" :value "{relation}" "date" "{day.isoformat()}"'


def _answers(absence: Absence, owner: Owner) -> list[str]:
    """Who is inside is told by the envelope: the answer goes to that address and nowhere else."""
    inside = answer_text(absence, absence.inside)
    if absence.answer_outside and absence.outside is None:
        return [_answer(absence, inside, owner)]
    from_inside = f'envelope :domain :is "from" {sieve.listed(owner.domains)}'
    lines = [f"if {from_inside} {{", _answer(absence, inside, owner)]
    if absence.answer_outside and absence.outside is not None:
        lines += ["} else {", _answer(absence, answer_text(absence, absence.outside), owner)]
    return [*lines, "}"]


def _answer(absence: Absence, text: str, owner: Owner) -> str:
    """Whoever had an answer hears again when the words or dates are new."""
    facts = f"{absence.start} {absence.end} {text}".encode("utf-8", "replace")
    handle = f"casier-absence-{hashlib.sha256(facts).hexdigest()[:12]}"
    return _vacation(handle, absence.subject.strip() or _("Réponse automatique : absence"), text, owner)


def answer_text(absence: Absence, words: str) -> str:
    """The person's words, and who stands in."""
    if absence.stand_in is None:
        return words
    pointer = _("En mon absence, vous pouvez écrire à %(name)s (%(email)s).") % {
        "name": absence.stand_in.name or absence.stand_in.email,
        "email": absence.stand_in.email,
    }
    return f"{words.rstrip()}\n\n{pointer}"


def requirements(rules: list[Rule], absence: Absence) -> set[str]:
    """The extensions that what is switched on needs."""
    needed: set[str] = set()
    for rule in rules:
        if rule.on:
            needed |= sieve.requirements(rule.conditions, rule.actions)
    if absence.on:
        needed |= {"vacation", "variables", sieve.LOG}
        needed |= {"date", "relational"} if absence.start or absence.end else set()
        needed |= {"copy"} if absence.stand_in and absence.stand_in.pass_on else set()
        needed |= {"envelope"} if absence.outside is not None or not absence.answer_outside else set()
    return needed
