"""Runs of the feed as pages show them: lines with what they change, counts, filters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from casier.console.measures import spaced
from casier.directory.models import Person, School
from casier.feed import words
from casier.feed.ages import overtaken
from casier.feed.models import Change, ReviewItem, Run, RunState
from casier.kernel.words import Words

PAGE = 50
SUBJECTS = ("school", "person", "record", "pupil", "parent")
AT_WORK = frozenset({RunState.READING, RunState.APPLYING, RunState.UNDOING})
_TELLING = {"told", "planned"}
# Pupils and parents have no lines: there are hundreds of thousands of them.
_COUNTED_ALONE = {"pupil", "parent"}


def english() -> bool:
    return (get_language() or "fr").startswith("en")


def word(table: dict[str, Words], name: str) -> str:
    """What NAME of a table of words is called."""
    return table[name][int(english())] if name in table else name


def shown_run(run: Run) -> dict[str, Any]:
    """A run, as its page and the list begin."""
    return {
        "run": run,
        "state": word(words.STATES, run.state),
        "bad": run.state in {RunState.FAILED, RunState.STOPPED},
        "at_work": run.state in AT_WORK,
        "fault": words.fault(run.fault, english=english()) if run.fault else "",
        "older": words.told(older["code"], older, english=english()) if (older := overtaken(run)) else "",
        "files": ", ".join(str(one["name"]) for one in run.files[:4]),
        "percent": min(100, 100 * run.done // run.total) if run.total else None,
    }


def tally(run: Run) -> list[dict[str, Any]]:
    """What a run comes to: for schools and people, how many of each."""
    return [
        {
            "name": word(words.SUBJECTS, subject),
            "counts": [
                {"words": word(words.VERBS, verb), "count": spaced(count), "verb": verb, "subject": subject,
                 "lines": verb not in {"read", "same"} and subject not in _COUNTED_ALONE}
                for verb in words.VERBS
                if (count := run.counts.get(f"{subject}.{verb}"))
            ],
        }
        for subject in SUBJECTS
        if any(name.startswith(f"{subject}.") for name in run.counts)
    ]  # fmt: skip


def chosen(run: Run, asked: dict[str, str]) -> QuerySet[Change]:
    """The lines of RUN that were asked for."""
    rows = Change.objects.filter(run=run).order_by("number")
    exact = {name: asked[name] for name in ("verb", "subject", "status", "code") if asked.get(name)}
    if text := asked.get("q", ""):
        rows = rows.filter(Q(label__icontains=text) | Q(key=text))
    return rows.filter(**exact)


def shown_line(row: Change) -> dict[str, Any]:
    """A line: what, who, why, and what it changes."""
    verb = word(words.VERBS, row.verb) if row.status in _TELLING else word(words.STATUSES, row.status)
    return {
        "row": row,
        "verb": verb,
        "bad": row.verb in {"refuse", "review", "leave"} or row.status in {"skipped", "kept"},
        "why": words.told(row.code, row.facts, english=english()),
        "note": words.told(row.note, {}, english=english()) if row.note else "",
        "where": words.place(
            row.file, row.line, row.place, row.key if row.key != row.label else "", english=english()
        ),
        "changes": list(_changes(row)),
    }


def _changes(row: Change) -> Iterator[str]:
    """What of a person or a school becomes what."""
    after = row.after
    before = row.before.get("names", row.before)
    for name, value in after.get("names", after if row.subject == "school" else {}).items():
        if name in _NAMES and row.verb != "create" and value != before.get(name, ""):
            yield f"{_NAMES[name]()} : {before.get(name) or '–'} → {value or '–'}".replace(" : ", "\u00a0: ")
    schools = {one["id"]: one for one in row.before.get("postings", ())}
    postings = after.get("postings", {})
    for one in postings.get("add", ()):
        label = one["label"] if one["label"] != one["function"] else ""
        yield f"+ {one['function']} {one['school']} {label}".rstrip()
    for one in postings.get("set", ()):
        held = schools.get(one["id"], {})
        if one.get("ends_on"):
            yield f"− {held.get('function', '')} {held.get('school', '')} → {one['ends_on']}"


_NAMES = {
    "given_name": lambda: _("Prénom"),
    "family_name": lambda: _("Nom"),
    "birth_name": lambda: _("Nom de naissance"),
    "birth_date": lambda: _("Date de naissance"),
    "title": lambda: _("Civilité"),
    "name": lambda: _("Nom"),
    "city": lambda: _("Ville"),
    "kind": lambda: _("Nature"),
}


def shown_doubt(item: ReviewItem) -> dict[str, Any]:
    """A doubt, and those whom the record may be, with what tells them apart."""
    people = Person.objects.filter(pk__in=item.candidates).select_related("academy", "account")
    rows = []
    for person in people:
        schools = School.objects.filter(postings__person=person).distinct().values_list("name", flat=True)
        rows.append({"person": person, "schools": ", ".join(schools[:4])})
    return {
        "item": item,
        "why": words.told(item.code, item.facts, english=english()),
        "people": rows,
    }
