"""The demonstration's letters: as many, as new and as varied as promised, the same each time."""

from __future__ import annotations

import io
import random
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from functools import cache

import pytest

from casier.demo import cast, files, french, scenes, story
from casier.demo.accounts import mailbox_key, sign_in_name
from casier.demo.letters import Letter, render
from casier.demo.story import Copy
from casier.identity.passwords.rules import Personal, Rules, faults
from casier.kernel.secret import Secret

NOW = datetime(2026, 11, 20, 10, 40, tzinfo=UTC)
UAI = "ABCDEFGHJKLMNPRSTUVWXYZ"


@cache
def told() -> list[Copy]:
    return story.tell(cast.load(), NOW)


def letters() -> list[Letter]:
    return list({copy.letter.id: copy.letter for copy in told()}.values())


def test_the_cast_is_as_promised() -> None:
    players = cast.load()
    assert (len(players.academies), len(players.schools), len(players.people)) == (4, 12, 20)
    assert len(players.functional) == 2
    assert all(UAI[int(school.uai[:7]) % 23] == school.uai[7] for school in players.schools)
    addresses = [person.address for person in players.people]
    assert len(set(addresses)) == 20
    assert {"jean.martin@ac-normandie.fr", "jean.martin1@ac-normandie.fr"} < set(addresses)
    assert [person.key for person in players.people if mailbox_key(person) != person.address] == ["elodie"]


def test_each_sign_in_name_has_the_form_of_its_academy() -> None:
    names = {person.academy: sign_in_name(person) for person in reversed(cast.load().people)}
    assert names == {
        "normandie": "14E9900001DEM",
        "rouen": "anne-sophie.delamare",
        "nancy-metz": "francois.muller",
        "amiens": "mickael.caron@ac-amiens.fr",
    }


@pytest.mark.parametrize("person", cast.load().people, ids=lambda person: person.key)
def test_the_password_suits_every_policy(person: cast.Person) -> None:
    strictest = Rules(minimum_length=16, kinds=3)
    assert faults(Secret(cast.PASSWORD), strictest, Personal((person.given_name, person.family_name))) == []


def test_three_thousand_copies_of_nine_months_up_to_this_morning() -> None:
    copies = told()
    assert len(copies) == 3000
    dates = [copy.letter.date for copy in copies]
    assert max(dates) < NOW
    assert french.paris(max(dates)).date() == french.paris(NOW).date()
    assert NOW - timedelta(days=285) < min(dates) < NOW - timedelta(days=260)
    assert {copy.box for copy in copies} == {
        one.key for one in (*cast.load().people, *cast.load().functional)
    }


@pytest.mark.parametrize("hour", [0, 3, 6, 8, 23])
def test_at_any_hour_nothing_comes_from_the_future(hour: int) -> None:
    now = NOW.replace(hour=hour, minute=2)
    copies = story.tell(cast.load(), now, messages=500)
    assert len(copies) == 500
    assert all(copy.letter.date < now for copy in copies)
    assert max(copy.letter.date for copy in copies) > now - timedelta(hours=18)


def test_the_same_seed_tells_the_same_story_to_the_byte() -> None:
    again = story.tell(cast.load(), NOW)
    assert again == told()
    for one, two in random.Random(1).sample(list(zip(again, told(), strict=True)), 40):
        assert render(one.letter, delivered=True) == render(two.letter, delivered=True)


def test_what_was_asked_by_name_is_there() -> None:
    found = letters()
    assert sum(letter.meeting is not None for letter in found) == 5
    assert sum(letter.layout == "phishing" for letter in found) == 1
    assert sum(letter.layout == "newsletter" for letter in found) > 10
    kinds = Counter(file.type for letter in found for file in letter.attached)
    assert set(kinds) == {"application/pdf", "application/vnd.oasis.opendocument.text", "image/png"}
    threads = Counter(letter.id.split(".")[1] for letter in found if "@" in letter.id)
    assert max(threads.values()) >= 6


def test_a_letter_to_colleagues_lies_with_each_of_them_and_with_its_author() -> None:
    boxes: dict[str, set[tuple[str, str]]] = {}
    for copy in told():
        boxes.setdefault(copy.letter.id, set()).add((copy.box, copy.folder))
    known = {letter.id: letter for letter in letters()}
    for number, where in boxes.items():
        letter = known[number]
        if letter.layout == "phishing" or any(folder in ("\\Drafts", "\\Junk") for _, folder in where):
            continue
        readers = {who.box for who in (*letter.to, *letter.cc) if who.box} - {letter.sender.box}
        got = {box for box, folder in where if folder != "\\Sent"}
        if len(got) == len(readers):
            assert got == readers
        if letter.sender.box:
            assert (letter.sender.box, "\\Sent") in where


def test_answers_follow_what_they_answer() -> None:
    answers = [letter for letter in letters() if letter.answers]
    assert len(answers) > 150
    for letter in answers:
        assert letter.answers is not None
        assert letter.date > letter.answers.date
        assert letter.sender.address in {who.address for who in (*letter.answers.to, *letter.answers.cc)}
        assert letter.subject == f"Re: {letter.answers.subject.removeprefix('Re: ')}"


def test_every_letter_is_good_french_typography() -> None:
    for letter in letters():
        for text in (letter.subject, *letter.paragraphs):
            assert "{" not in text, text
            assert not any(f" {sign}" in text for sign in ";:?!»"), text


def test_words_meet_as_they_do_in_french() -> None:
    assert french.contracted("de avril, de EPS, de Hugo, de mai") == "d'avril, d'EPS, d'Hugo, de mai"
    assert french.contracted("à le musée, à les archives, de le car") == "au musée, aux archives, du car"
    for letter in letters():
        for text in (letter.subject, *letter.paragraphs):
            assert not any(
                f" {wrong} " in f" {text}" for wrong in ("à le", "de le", "à les", "de avril", "de anglais")
            )


def test_every_letter_can_be_read_by_a_parser() -> None:
    for letter in letters():
        message = message_from_bytes(render(letter, delivered=True), policy=policy.default)
        assert message["Subject"] == letter.subject
        assert message["From"].addresses[0].addr_spec == letter.sender.address
        body = message.get_body(("plain",))
        assert body is not None
        assert letter.paragraphs[0] in body.get_content()
        names = [part.get_filename() for part in message.iter_attachments()]
        assert [file.name for file in letter.attached] == names
        kinds = [part.get_content_type() for part in message.walk()]
        assert ("text/calendar" in kinds) == (letter.meeting is not None)


def test_files_open() -> None:
    chance = random.Random(4)
    pdf = files.make("pdf", "Circulaire n° 3", ["Œuvre (complète) à 12 €.", "x " * 400], chance).content
    start = int(pdf.rpartition(b"startxref\n")[2].split()[0])
    assert pdf[start:].startswith(b"xref")
    assert int(pdf[start:].split(b"\n")[3].split()[0]) == pdf.index(b"1 0 obj")
    odt = zipfile.ZipFile(io.BytesIO(files.make("odt", "Liste", ["a & b"], chance).content))
    assert odt.infolist()[0].filename == "mimetype"
    assert odt.testzip() is None
    assert b"a &amp; b" in odt.read("content.xml")
    assert files.make("png", "Plan", [], chance).content.startswith(b"\x89PNG\r\n\x1a\n")


def test_an_invitation_folds_its_lines_between_letters() -> None:
    meeting = files.Meeting(
        "u@x", "é" * 90, "Salle, au fond", NOW, NOW, ("A", "a@x.example"), (("B", "b@x.example"),), NOW
    )
    text = files.invitation(meeting)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "é" * 90 in text.replace("\r\n ", "")
    assert "LOCATION:Salle\\, au fond" in text


@pytest.mark.parametrize(
    "moment", ["2026-03-29T00:59", "2026-03-29T01:00", "2026-10-25T00:59", "2026-10-25T01:00"]
)
def test_paris_time_changes_on_the_last_sundays(moment: str) -> None:
    hours = {"2026-03-29T00:59": 1, "2026-03-29T01:00": 2, "2026-10-25T00:59": 2, "2026-10-25T01:00": 1}
    local = french.paris(datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert local.utcoffset() == timedelta(hours=hours[moment])


def test_every_word_of_every_scene_can_be_filled() -> None:
    values = scenes.facts(NOW, random.Random(2)) | {"prenom": "Claire", "prenom_autre": "Jean"}
    for scene in scenes.load():
        texts = [*scene.subjects, *(text for slot in (*scene.paragraphs, *scene.replies) for text in slot)]
        for text in [*texts, scene.attachment]:
            scenes.fill(text, values)
        assert scene.reply_range[1] <= len(scene.replies) or scene.dialogue
