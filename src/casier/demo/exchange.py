"""One exchange: a letter, and those that answer it."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from casier.demo import cast, files, scenes
from casier.demo.cast import Cast, Functional, Person
from casier.demo.letters import Correspondent, Letter
from casier.demo.scenes import Scene

# Who stands in where a school has nobody of that role.
_STAND_IN = {
    "deputy": ("deputy", "head"), "head": ("head", "deputy"), "secretary": ("secretary", "bursar"),
    "bursar": ("bursar", "secretary"), "librarian": ("librarian",),
}  # fmt: skip
_TEACHING = ("teacher", "cpe", "librarian")


@dataclass(frozen=True, slots=True)
class Exchange:
    scene: Scene
    letters: tuple[Letter, ...]

    @classmethod
    def begin(
        cls, scene: Scene, players: Cast, when: datetime, number: int, chance: random.Random
    ) -> Exchange | None:
        """An exchange of SCENE that begins at WHEN, or None where there is nobody to write to."""
        author, academy, school = _author(scene, players, chance)
        to = _addressees(scene, players, author, academy, school, chance)
        if not to:
            return None
        values = scenes.facts(when, chance) | _names(to, players, chance)
        first = _first(scene, author, to, when, f"{number:05d}", values, chance)
        return cls(scene, (first, *_answers(scene, first, values, chance)))


def of_person(person: Person, players: Cast) -> Correspondent:
    """PERSON as one who writes, with the signature of their function and school."""
    school = players.school(person.school)
    place = f"{school.name}, {school.city}" if school else players.academy(person.academy).name
    return Correspondent(person.name, person.address, (person.label, place), person.key)


def of_functional(mailbox: Functional) -> Correspondent:
    return Correspondent(mailbox.name, mailbox.address, (), mailbox.key)


def _author(scene: Scene, players: Cast, chance: random.Random) -> tuple[Correspondent, str, str]:
    """Who writes, and the academy and school that it concerns."""
    pick = scenes.words()
    academy = chance.choices([one.slug for one in players.academies], [9, 5, 4, 3])[0]
    if scene.author == "parent":
        name = pick.one(chance, "parents")
        return Correspondent(name, f"{cast.fold(name).replace('-', '.')}@courriel.example"), academy, ""
    if scene.author.startswith("contact:"):
        kind = scene.author.partition(":")[2]
        contact = chance.choice([one for one in pick.contacts if one.kind == kind])
        return Correspondent(contact.name, contact.address), academy, ""
    if scene.author == "rectorat":
        service = players.academy(academy)
        sign = (service.service, service.name)
        # circulars ask for no answer; an address that looked like a mailbox would have to be one
        return Correspondent(service.service, f"ne-pas-repondre@{service.domains[0]}", sign), academy, ""
    roles = _STAND_IN.get(scene.author, (scene.author,))
    able = [one for one in players.people if scene.author == "anyone" or one.role in roles]
    person = chance.choices(able, [3 if one.academy == academy else 1 for one in able])[0]
    return of_person(person, players), person.academy, person.school


def _addressees(
    scene: Scene, players: Cast, author: Correspondent, academy: str, school: str, chance: random.Random
) -> list[Correspondent]:
    if scene.to in ("functional", "helpdesk"):
        boxes = [of_functional(one) for one in players.functional]
        return [boxes[-1]] if scene.to == "helpdesk" else [chance.choices(boxes, [4, 1])[0]]
    others = [one for one in players.people if one.academy == academy and one.key != author.box]
    near = [one for one in others if one.school and one.school == school] or others
    if scene.author == "parent":
        near = [one for one in others if one.role in (*_TEACHING, "head", "deputy")]
    if scene.to == "teachers":
        near = [one for one in near if one.role in _TEACHING]
    if scene.to == "academy":
        near = others
    if scene.to in ("one", "colleague", "few"):
        number = 1 if scene.to != "few" else chance.randrange(2, 5)
        near = chance.sample(near, min(number, len(near)))
    return [of_person(one, players) for one in near]


def _names(to: list[Correspondent], players: Cast, chance: random.Random) -> dict[str, str]:
    other = chance.choice(players.people)
    return {"prenom": to[0].name.partition(" ")[0], "prenom_autre": other.given_name}


def _first(
    scene: Scene,
    author: Correspondent,
    to: list[Correspondent],
    when: datetime,
    number: str,
    values: dict[str, str],
    chance: random.Random,
) -> Letter:
    number_of_subject = chance.randrange(len(scene.subjects))
    paragraphs = _paragraphs(scene, author, number_of_subject, len(to), values, chance)
    layout = "newsletter" if scene.newsletter else "html" if scene.html or chance.random() < 0.3 else "text"
    return Letter(
        id=_id(author, number, "0"),
        sender=author,
        to=tuple(to),
        subject=scenes.fill(scene.subjects[number_of_subject], values),
        paragraphs=paragraphs,
        date=when,
        attached=_attached(scene, paragraphs, values, chance),
        layout=layout,
        charset=chance.choices(("utf-8", "iso-8859-15"), (85, 15))[0],
        extra=_bulk(scene, author),
    )


def _paragraphs(
    scene: Scene,
    author: Correspondent,
    subject: int,
    readers: int,
    values: dict[str, str],
    chance: random.Random,
) -> tuple[str, ...]:
    """Opening, what is said, closing. The first thing said is written for the subject of the same number."""
    pick = scenes.words()
    said = [scene.paragraphs[0][subject % len(scene.paragraphs[0])]]
    said += [chance.choice(slot) for slot in scene.paragraphs[1:]]
    opening = pick.one(chance, _opening(scene, readers))
    closing = pick.one(chance, "closings_formal" if scene.formal else "closings")
    signed = [] if author.signature or scene.newsletter else [author.name]
    return tuple(scenes.fill(text, values) for text in (opening, *said, closing, *signed))


def _opening(scene: Scene, readers: int) -> str:
    if scene.formal:
        return "openings_formal"
    if scene.author == "parent":
        return "openings_parent"
    return "openings_one" if readers == 1 else "openings"


def _bulk(scene: Scene, author: Correspondent) -> tuple[tuple[str, str], ...]:
    if not scene.newsletter:
        return ()
    host = author.address.rpartition("@")[2]
    return (("List-Unsubscribe", f"<https://{host}/desinscription>"), ("Precedence", "bulk"))


def _attached(
    scene: Scene, paragraphs: tuple[str, ...], values: dict[str, str], chance: random.Random
) -> tuple[files.File, ...]:
    if not scene.attachment or chance.random() > scene.attachment_rate:
        return ()
    kind, _, title = scene.attachment.partition(":")
    return (files.make(kind, scenes.fill(title, values), list(paragraphs[1:]), chance),)


def _answers(scene: Scene, first: Letter, values: dict[str, str], chance: random.Random) -> list[Letter]:
    """The answers to FIRST: a chain, each to everyone concerned, minutes to a day and a half apart."""
    wanted = chance.randint(*scene.reply_range)
    texts = _said(scene, wanted, chance)
    letters: list[Letter] = []
    latest, when = first, first.date
    for number, text in enumerate(texts, 1):
        when += timedelta(
            minutes=chance.choice((6, 14, 25, 48, 95, 180, 400, 1100, 1900)) + chance.randrange(9)
        )
        author = _who(scene, first, latest, number, chance)
        if author is None:
            break
        latest = _answer(latest, author, text, when, number, values, chance)
        letters.append(latest)
    return letters


def _said(scene: Scene, wanted: int, chance: random.Random) -> list[tuple[str, ...]]:
    if not scene.dialogue:
        return chance.sample(scene.replies, min(wanted, len(scene.replies)))
    return [chance.choice(scene.replies[:-1]), scene.replies[-1]][:wanted]


def _who(
    scene: Scene, first: Letter, latest: Letter, number: int, chance: random.Random
) -> Correspondent | None:
    if scene.dialogue:
        return latest.to[0] if number > 1 else chance.choice(first.to)
    able = [who for who in first.to if who.box and who.box != latest.sender.box]
    return chance.choice(able) if able else None


def _answer(
    to: Letter,
    author: Correspondent,
    text: tuple[str, ...],
    when: datetime,
    number: int,
    values: dict[str, str],
    chance: random.Random,
) -> Letter:
    everyone = {who.address: who for who in (*to.to, *to.cc)} | {to.sender.address: to.sender}
    everyone.pop(author.address, None)
    everyone.pop(to.sender.address, None)
    opening = chance.choice(("Bonjour,", "Bonjour {prenom},", ""))
    values = values | {"prenom": to.sender.name.partition(" ")[0]}
    said = [line for line in (opening, *text, scenes.words().one(chance, "closings")) if line]
    if not author.signature:
        said.append(author.name)
    subject = to.subject if to.subject.startswith("Re: ") else f"Re: {to.subject}"
    return Letter(
        _id(author, to.id.split(".")[1], str(number)), author, (to.sender,), subject,
        tuple(scenes.fill(line, values) for line in said), when, cc=tuple(everyone.values()), answers=to,
        layout="html" if to.layout == "html" and chance.random() < 0.8 else "text",
    )  # fmt: skip


def _id(author: Correspondent, number: str, step: str) -> str:
    host = author.address.rpartition("@")[2]
    mark = hashlib.sha256(f"{author.address} {number} {step}".encode()).hexdigest()[:12]
    return f"<{mark}.{number}.{step}@{host}>"
