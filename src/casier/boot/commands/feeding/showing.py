"""Runs, their lines and their doubts, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from casier.boot.commands.speaking import as_json
from casier.boot.words import english, say
from casier.console.measures import spaced
from casier.directory.models import Person
from casier.feed import words
from casier.feed.ages import overtaken
from casier.feed.models import Change, ReviewItem, Run, Status
from casier.feed.progress import Mailboxes, mailboxes
from casier.feed.records import BadFeed

_ORDER = ("school", "person", "record", "pupil", "parent")


def fault(error: BadFeed) -> str:
    """Why files can't be read, how to go on, and by what to speak of it: the reason's code and the run."""
    facts = {"code": error.code, "text": str(error), **error.facts}
    said = [words.fault(facts, english=english())]
    match error.facts:
        case {"missing": tuple(missing), "columns": tuple(columns)}:
            said.append(" ".join(f"--mapping {name}=…" for name in missing))
            said.append(say("Colonnes du fichier : ", "The file’s columns: ") + ", ".join(columns))
    reason = error.facts.get("reason")
    said.append(f"[{error.code}: {reason}]" if reason else f"[{error.code}]")
    if run := error.facts.get("run"):
        said.append(say(f"(import {run})", f"(run {run})"))
    return " ".join(said)


def not_done(run: Run) -> int:
    """How many lines of a run were left, as the directory had changed since it was looked at."""
    return Change.objects.filter(run=run, status=Status.SKIPPED).count()


def listed(runs: Sequence[Run], *, json: bool) -> None:
    """RUNS, a line each."""
    if json:
        as_json([_facts(run) for run in runs])
        return
    for run in runs:
        when = timezone.localtime(run.started_at).strftime("%Y-%m-%d %H:%M")
        state = words.STATES[run.state][int(english())]
        print(f"{run.pk:>6}  {when}  {run.academy.slug:<12} {run.kind:<4} {state:<28} {run.reason}")


def show(run: Run, *, verb: str = "", limit: int = 100, json: bool) -> None:
    """A run: what it comes to, and its lines."""
    rows = Change.objects.filter(run=run).order_by("number")
    chosen = rows.filter(verb=verb) if verb else rows
    shown = list(chosen[:limit] if limit else chosen)
    if json:
        as_json({**_facts(run), "lines": [_line(row) for row in shown]})
        return
    _head(run)
    for row in shown:
        print(_text(row))
    if (rest := chosen.count() - len(shown)) > 0:
        print(
            say(
                f"… et {spaced(rest)} autres lignes (--limit 0).",
                f"… and {spaced(rest)} more lines (--limit 0).",
            )
        )


def _head(run: Run) -> None:
    which = int(english())
    files = ", ".join(str(one["name"]) for one in run.files[:5])
    print(say(f"Import {run.pk}", f"Run {run.pk}"), words.STATES[run.state][which], files, sep=" · ")
    if run.fault:
        print(words.fault(run.fault, english=english()))
    if older := overtaken(run):
        print(words.told(older["code"], older, english=english()))
        print(
            say("  Pour le faire quand même : ", "  To do it all the same: ")
            + f"./casier feed apply {run.pk} --reason …"
        )
    for subject in _ORDER:
        counts = {
            verb: run.counts[f"{subject}.{verb}"]
            for verb in words.VERBS
            if run.counts.get(f"{subject}.{verb}")
        }
        if counts:
            told = ", ".join(f"{spaced(count)} {words.VERBS[verb][which]}" for verb, count in counts.items())
            print(f"  {words.SUBJECTS[subject][which]}{say(chr(160), '')}: {told}")
    if left := not_done(run):
        print(f"  {spaced(left)} {words.STATUSES[Status.SKIPPED][which]}")
    _mailboxes(mailboxes(run, timezone.now()))


def _mailboxes(now: Mailboxes) -> None:
    """How far the engines are; nothing once all are made."""
    if not now.left:
        return
    rate = f"{now.per_second:g}"
    soon = say(f", encore {now.minutes_left} min environ", f", about {now.minutes_left} min left")
    print(
        say(
            f"  boîtes\u00a0: {spaced(now.made)} créées sur {spaced(now.total)}, {rate} par seconde",
            f"  mailboxes: {spaced(now.made)} made of {spaced(now.total)}, {rate} a second",
        )
        + (soon if now.minutes_left is not None else "")
    )


def _text(row: Change) -> str:
    which = int(english())
    where = f"{row.file}:{row.line or row.place}" if row.file else ""
    verb = (
        words.VERBS[row.verb][which]
        if row.status in {"planned", "told"}
        else words.STATUSES[row.status][which]
    )
    note = f" {words.told(row.note, {}, english=english())}" if row.note else ""
    why = words.told(row.code, row.facts, english=english())
    return f"{verb:<12} {row.label or row.key:<40} {why}{note} {where}".rstrip()


def _facts(run: Run) -> dict[str, Any]:
    return {
        "run": run.pk,
        "academy": run.academy.slug,
        "kind": run.kind,
        "complete": run.complete,
        "state": run.state,
        "counts": run.counts,
        "fault": run.fault,
        "older": overtaken(run) or {},
        "files": run.files,
        "by": run.by,
        "reason": run.reason,
        "started_at": run.started_at.isoformat(),
        "applied_at": run.applied_at.isoformat() if run.applied_at else None,
        "done": run.done,
        "total": run.total,
        "mailboxes": _as_data(mailboxes(run, timezone.now())),
    }


def _as_data(now: Mailboxes) -> dict[str, Any]:
    return {
        "total": now.total,
        "made": now.made,
        "left": now.left,
        "per_second": now.per_second,
        "minutes_left": now.minutes_left,
    }


def _line(row: Change) -> dict[str, Any]:
    return {
        "number": row.number,
        "subject": row.subject,
        "verb": row.verb,
        "code": row.code,
        "why": words.told(row.code, row.facts, english=english()),
        "status": row.status,
        "note": row.note,
        "label": row.label,
        "key": row.key,
        "file": row.file,
        "place": row.place,
        "line": row.line,
    }


def doubts(items: Sequence[ReviewItem], *, json: bool) -> None:
    """People to be settled, with those whom they may be."""
    people = Person.objects.select_related("academy").in_bulk([pk for one in items for pk in one.candidates])
    facts = [
        {
            "item": one.pk,
            "who": one.label,
            "why": words.told(one.code, one.facts, english=english()),
            "born": one.facts.get("birth_date", ""),
            "functions": one.facts.get("functions", ""),
            "candidates": [
                {"person": pk, "name": people[pk].full_name, "academy": people[pk].academy.slug,
                 "born": str(people[pk].birth_date or "")}
                for pk in one.candidates if pk in people
            ],
        }
        for one in items
    ]  # fmt: skip
    if json:
        as_json(facts)
        return
    for fact in facts:
        told = (
            f"{fact['item']:>6}",
            f"{fact['who']:<36}",
            f"{fact['born']:<11}",
            fact["why"],
            fact["functions"],
        )
        print(*told)
        for one in fact["candidates"]:
            print(f"        --same {one['person']}: {one['name']}, {one['academy']} {one['born']}".rstrip())
