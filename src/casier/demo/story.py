"""Nine months of letters between the people of the demonstration, the same for the same seed and day."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from casier.demo import french, scenes, specials
from casier.demo.cast import Cast
from casier.demo.exchange import Exchange
from casier.demo.letters import Letter

MESSAGES = 3000
SEED = 2026
_SPAN = timedelta(days=272)
_FILED = {
    "circulaire": "Circulaires", "note-de-service": "Circulaires", "informatique": "Circulaires",
    "conseil-de-classe": "Conseils de classe", "appreciations": "Conseils de classe",
    "sortie": "Projets", "projet": "Projets", "famille-absence": "Familles", "famille-note": "Familles",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Copy:
    """A letter in one mailbox."""

    box: str
    folder: str  # INBOX, a special use such as \\Sent, or a folder's name
    letter: Letter
    flags: frozenset[str] = frozenset()


def tell(cast: Cast, now: datetime, seed: int = SEED, messages: int = MESSAGES) -> list[Copy]:
    """MESSAGES copies of letters in the mailboxes of CAST, the newest of this morning, none after NOW."""
    chance = random.Random(seed)  # noqa: S311  a story, no secret
    copies = [
        copy for letter, where in specials.letters(cast, now, chance) for copy in _special(letter, where)
    ]
    for exchange in _exchanges(cast, now, chance):
        left = messages - len(copies)
        fresh = list(_copies(exchange, now, chance))
        if len(fresh) > left:
            if exchange.scene.author == "parent" and left < 12:
                copies += fresh[:left]  # a few single letters make the number exact
            if left <= 0 or len(copies) == messages:
                break
            continue
        copies += fresh
    return sorted(copies, key=lambda copy: (copy.letter.date, copy.letter.id, copy.box))


def _exchanges(cast: Cast, now: datetime, chance: random.Random) -> Iterator[Exchange]:
    """Exchanges without end: first those of this morning, then of the nine months, more of the last weeks."""
    known = scenes.load()
    weights = [scene.weight for scene in known]
    number = 0
    while True:
        number += 1
        when = _morning(now, chance) if number <= 14 else _moment(now, chance)
        scene = chance.choices(known, weights)[0]
        if (scene.months and french.paris(when).month not in scene.months) or _asleep(when, chance):
            continue
        exchange = Exchange.begin(scene, cast, when, number, chance)
        if exchange is not None:
            yield exchange


def _moment(now: datetime, chance: random.Random) -> datetime:
    """A moment of a working day in the nine months before NOW."""
    day = now - timedelta(days=1) - _SPAN * chance.random() ** 1.25
    day -= timedelta(days=max(0, french.paris(day).weekday() - 4) if chance.random() < 0.93 else 0)
    return french.at(
        day, chance.choice((7, 8, 8, 9, 10, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20)), chance.randrange(60)
    )


def _morning(now: datetime, chance: random.Random) -> datetime:
    """A moment of this morning that lies before NOW; in the small hours, the last ones."""
    latest = min(now - timedelta(minutes=4), french.at(now, 11, 30))
    earliest = french.at(now, 7, 5)
    if latest - earliest < timedelta(minutes=20):
        earliest = latest - timedelta(hours=2)
    return earliest + (latest - earliest) * chance.random()


def _asleep(when: datetime, chance: random.Random) -> bool:
    """Summer: hardly anyone writes from mid-July to the last week of August."""
    local = french.paris(when)
    return (7, 12) <= (local.month, local.day) <= (8, 24) and chance.random() > 0.1


def _copies(exchange: Exchange, now: datetime, chance: random.Random) -> Iterator[Copy]:
    letters = [letter for letter in exchange.letters if letter.date < now - timedelta(minutes=2)]
    answered = {(letter.sender.box, letter.answers.id) for letter in letters if letter.answers}
    places: dict[str, str] = {}
    for letter in letters:
        if letter.sender.box:
            yield Copy(letter.sender.box, "\\Sent", letter, frozenset({"\\Seen"}))
        for box in dict.fromkeys(who.box for who in (*letter.to, *letter.cc)):
            if not box or box == letter.sender.box:
                continue
            place = places.setdefault(box, _place(exchange, letter, now, chance))
            yield _received(exchange, letter, box, place, (box, letter.id) in answered, now, chance)


def _received(
    exchange: Exchange,
    letter: Letter,
    box: str,
    place: str,
    answered: bool,
    now: datetime,
    chance: random.Random,
) -> Copy:
    flags = set()
    age = (now - letter.date).days
    rate = exchange.scene.read_rate if age > 14 else 0.7 * exchange.scene.read_rate if age > 0 else 0.12
    if answered or place != "INBOX" or chance.random() < rate:
        flags.add("\\Seen")
    if answered:
        flags.add("\\Answered")
    if chance.random() < 0.04 and not exchange.scene.newsletter:
        flags.add("\\Flagged")
    return Copy(box, place, letter, frozenset(flags))


def _place(exchange: Exchange, letter: Letter, now: datetime, chance: random.Random) -> str:
    """Where someone keeps an exchange: filed, archived or thrown away once it is old enough."""
    age = (now - letter.date).days
    if exchange.scene.newsletter and age > 12 and chance.random() < 0.12:
        return "\\Trash"
    if age > 25 and exchange.scene.name in _FILED and chance.random() < 0.35:
        return _FILED[exchange.scene.name]
    return "\\Archive" if age > 120 and chance.random() < 0.3 else "INBOX"


def _special(letter: Letter, where: dict[str, tuple[str, frozenset[str]]]) -> Iterator[Copy]:
    for box, (folder, flags) in where.items():
        yield Copy(box, folder, replace(letter), flags)
