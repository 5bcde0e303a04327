"""Letters that the demonstration wants by name: invitations, a phishing attempt, junk, drafts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from casier.demo import data, files, french
from casier.demo.cast import Cast
from casier.demo.exchange import of_person
from casier.demo.letters import Correspondent, Letter

Where = dict[str, tuple[str, frozenset[str]]]
_NEW: frozenset[str] = frozenset()
_READ = frozenset({"\\Seen"})
_DRAFT = frozenset({"\\Seen", "\\Draft"})


def letters(players: Cast, now: datetime, chance: random.Random) -> Iterator[tuple[Letter, Where]]:
    """Each letter with where it lies: mailbox to folder and flags."""
    values = data.toml("specials.toml")
    for number, row in enumerate(values["meeting"], 1):
        yield _invitation(row, number, players, now)
    yield _phishing(values["phishing"], players, now)
    for number, row in enumerate(values["junk"]):
        yield _junk(row, number, players, now - timedelta(minutes=chance.randrange(600, 28000)))
    for number, row in enumerate(values["draft"]):
        yield _draft(row, number, players, now - timedelta(days=number, minutes=37 + 11 * number))


def _invitation(row: dict[str, Any], number: int, players: Cast, now: datetime) -> tuple[Letter, Where]:
    author = of_person(players.person(row["organiser"]), players)
    invited = tuple(of_person(players.person(key), players) for key in row["guests"])
    starts = french.at(_working(now + timedelta(days=row["in_days"])), row["hour"])
    title, place, host = row["title"], row["place"], author.address.rpartition("@")[2]
    meeting = files.Meeting(
        uid=f"demonstration-{number}@{host}",
        title=title,
        place=place,
        starts=starts,
        ends=starts + timedelta(minutes=row["minutes"]),
        organiser=(author.name, author.address),
        guests=tuple((who.name, who.address) for who in invited),
        sent=now - timedelta(hours=row["sent_hours_ago"]),
    )
    text = f"Vous êtes invités : {title}, {french.day(starts)} à {french.clock(starts)}, {place}."
    letter = Letter(
        id=f"<invitation.{number}@{host}>",
        sender=author,
        to=invited,
        subject=french.typographic(f"Invitation : {title}"),
        paragraphs=(french.typographic(text), "Merci de répondre depuis votre agenda."),
        date=meeting.sent,
        meeting=meeting,
    )
    where: Where = {who.box: ("INBOX", _NEW) for who in invited}
    return letter, where | {author.box: ("\\Sent", _READ)}


def _working(day: datetime) -> datetime:
    """DAY, or the Monday after a weekend."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)


def _phishing(row: dict[str, Any], players: Cast, now: datetime) -> tuple[Letter, Where]:
    """The forger writes under the name of the head of school, from a domain that looks like ours."""
    targets = tuple(of_person(players.person(key), players) for key in row["to"])
    letter = Letter(
        id=f"<verification.2841@{row['address'].rpartition('@')[2]}>",
        sender=Correspondent(row["name"], row["address"]),
        to=targets,
        subject=row["subject"],
        paragraphs=tuple(map(french.typographic, row["paragraphs"])),
        date=now - timedelta(hours=2, minutes=11),
        layout="phishing",
    )
    return letter, {who.box: ("INBOX", _NEW) for who in targets}


def _junk(row: dict[str, Any], number: int, players: Cast, when: datetime) -> tuple[Letter, Where]:
    target = of_person(players.person(row["to"]), players)
    host = "promotions-du-jour.example"
    letter = Letter(
        id=f"<offre.{number}@{host}>",
        sender=Correspondent("Service clients", f"offre{number}@{host}"),
        to=(target,),
        subject=row["subject"],
        paragraphs=tuple(map(french.typographic, row["paragraphs"])),
        date=when,
    )
    return letter, {target.box: ("\\Junk", _NEW)}


def _draft(row: dict[str, Any], number: int, players: Cast, when: datetime) -> tuple[Letter, Where]:
    writer = of_person(players.person(row["author"]), players)
    letter = Letter(
        id=f"<brouillon.{number}@{writer.address.rpartition('@')[2]}>",
        sender=writer,
        to=(of_person(players.person(row["to"]), players),),
        subject=row["subject"],
        paragraphs=("Bonjour,", french.typographic(row["text"])),
        date=when,
    )
    return letter, {writer.box: ("\\Drafts", _DRAFT)}
