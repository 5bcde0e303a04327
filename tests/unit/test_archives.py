"""What goes out as a zip comes in again as it was; what is hostile in a zip stays out."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casier.mailbox.importing.appending import Appended
from casier.mailbox.importing.found import Message, Reason, Unreadable
from casier.mailbox.transfer import archive, cards
from casier.mailbox.transfer.archive import Zip
from casier.mailbox.transfer.bringing import Bag, Brought
from casier.mailbox.transfer.mail import Content, Stored
from casier.mailbox.transfer.names import file_name, message_name, unique
from casier.mailbox.transfer.placed import Placed

AT = datetime(2026, 11, 22, 9, 34, 5, tzinfo=UTC)
MAIL = (
    b"From: a@b.fr\r\nSubject: =?utf-8?q?=C3=89t=C3=A9?=\r\nMessage-ID: <1@b>\r\n\r\nBonjour\r\nFrom moi\r\n"
)
FLAGS = ("\\Seen", "\\Flagged", "$etiquette-vie")


def messages_in(bag: Bag) -> list[Message]:
    return [one for one in bag.messages() if isinstance(one, Message)]


def contents(*mails: bytes) -> Iterator[Content]:
    for uid, mail in enumerate(mails, 1):
        yield Stored(uid, len(mail), FLAGS, AT), iter((mail[:20], mail[20:]))


def exported(path: Path, *, mbox: bool = False) -> Path:
    """A zip of two folders, one with a name that no disk takes."""
    folders = [{"path": "INBOX", "directory": "INBOX", "use": ""}]
    folders.append({"path": "Projets/3e: sortie?", "directory": "Projets/3e sortie", "use": ""})
    with Zip(path) as into:
        for one in folders:
            add = archive.add_mbox if mbox else archive.add_folder
            assert len(list(add(into, one["directory"], contents(MAIL, MAIL + b"2"), AT))) == 2
        into.add("Contacts/Personnel.vcf", [CARD], AT)
        into.add("Agendas/Classe.ics", [EVENT], AT)
        into.add("LISEZ-MOI.txt", [b"Bonjour"], AT)
        into.add(archive.MANIFEST, [json.dumps({"format": 1, "folders": folders}).encode()], AT)
    return path


CARD = (
    b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:L\xc3\xa9a\r\nUID:lea\r\nEND:VCARD\r\n"
    b"BEGIN:VCARD\nFN:Sans\nEND:VCARD\n"
)
EVENT = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Paris\r\nEND:VTIMEZONE\r\n"
    b'BEGIN:VEVENT\r\nUID:e1\r\nATTENDEE;CN="L\xc3\xa9\r\n a":mailto:a@b.fr\r\n'
    b"BEGIN:VALARM\r\nEND:VALARM\r\n"
    b"END:VEVENT\r\nBEGIN:VEVENT\r\nUID:e1\r\nRECURRENCE-ID:20261122\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.mark.parametrize("mbox", [False, True])
def test_what_was_exported_comes_in_with_folders_flags_and_dates(tmp_path: Path, mbox: bool) -> None:
    found = list(Bag(exported(tmp_path / "x", mbox=mbox), "courrier.zip").messages())
    assert [type(one) for one in found] == [Message] * 4
    messages = [one for one in found if isinstance(one, Message)]
    assert {one.folder for one in messages} == {(), ("Projets", "3e: sortie?")}
    assert all(set(FLAGS) <= one.flags for one in messages)
    assert all(one.container_date == AT for one in messages)
    assert messages[0].content.replace(b"\r\n", b"\n").startswith(MAIL.replace(b"\r\n", b"\n").rstrip(b"\n"))


def test_below_a_folder_of_ones_choice(tmp_path: Path) -> None:
    found = Bag(exported(tmp_path / "x"), "courrier.zip", "Reprise").messages()
    assert {one.folder for one in found if isinstance(one, Message)} == {
        ("Reprise",),
        ("Reprise", "Projets", "3e: sortie?"),
    }


def test_cards_and_events_are_beside(tmp_path: Path) -> None:
    brought = [
        one for one in Bag(exported(tmp_path / "x"), "courrier.zip").brought() if isinstance(one, Brought)
    ]
    assert [(one.kind, one.collection) for one in brought] == [
        ("vcf", "Personnel"), ("vcf", "Personnel"), ("ics", "Classe"),
    ]  # fmt: skip
    event = brought[2].item
    assert event.uid == "e1"
    assert event.content.count(b"BEGIN:VEVENT") == 2
    assert b"ATTENDEE;SCHEDULE-AGENT=CLIENT;CN=" in event.content
    assert b"TZID:Europe/Paris" in event.content


@pytest.mark.parametrize("name", ["contacts.vcf", "agenda.ICS"])
def test_single_files_of_cards_and_events(tmp_path: Path, name: str) -> None:
    (tmp_path / "x").write_bytes(CARD if name.endswith("vcf") else EVENT)
    bag = Bag(tmp_path / "x", name)
    assert list(bag.messages()) == []
    assert all(isinstance(one, Brought) for one in bag.brought())


def test_a_single_message_and_an_mbox_are_known_by_their_own_name(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(MAIL)
    (one,) = Bag(tmp_path / "x", "lettre.eml", "A").messages()
    assert isinstance(one, Message)
    assert (one.folder, one.origin.path) == (("A",), "lettre.eml")
    (tmp_path / "y").write_bytes(b"\x00\x01not mail at all")
    assert all(str(tmp_path) not in str(two.origin) for two in Bag(tmp_path / "y", "virus.exe").messages())


def a_zip(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries.items():
            opened.writestr(name, content)
    return path


def test_paths_in_a_zip_name_folders_and_nothing_else(tmp_path: Path) -> None:
    entries = {"../../etc/passwd.eml": MAIL, "/root/a.eml": MAIL, "C:\\x\\a.eml": MAIL, "a\0b/c.eml": MAIL}
    for one in Bag(a_zip(tmp_path / "x", entries), "x.zip").messages():
        assert isinstance(one, Message)
        assert not {"..", ".", ""} & set(one.folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x"]


@pytest.mark.parametrize(
    "manifest",
    [
        b"", b"null", b"[]", b'{"format": 2}', b'{"format": 1}', b'{"format": 1, "folders": 3}',
        b'{"format": 1, "folders": [{"directory": "A"}]}', b"[" * 100_000, b"\xff\xfe",
    ],
)  # fmt: skip
def test_a_manifest_that_is_none_is_passed_over(tmp_path: Path, manifest: bytes) -> None:
    entries = {"casier.json": manifest, "A/1.eml": MAIL, "B/2.eml": MAIL + b"x"}
    found = [
        one for one in Bag(a_zip(tmp_path / "x", entries), "x.zip").messages() if isinstance(one, Message)
    ]
    assert {one.folder for one in found} == {("A",), ("B",)}


def test_a_manifest_can_lie_about_folders_and_flags_no_further_than_a_name(tmp_path: Path) -> None:
    folders = [{"directory": "A", "path": "../../user/autre/INBOX\r\nX LOGOUT"}]
    note = {"file": "1.eml", "flags": ["\\Deleted", "\\Recent", "a b", "x)\r\nX", 3], "received": "never"}
    entries = {
        "casier.json": json.dumps({"format": 1, "folders": folders}).encode(),
        "Courrier/A/1.eml": MAIL,
        "Courrier/A/messages.jsonl": json.dumps(note).encode() + b"\nnot json\n[]\n",
    }
    (one,) = [
        one for one in Bag(a_zip(tmp_path / "x", entries), "x.zip").messages() if isinstance(one, Message)
    ]
    assert one.flags == frozenset()
    assert all(not re.search(r"[\r\n/]", step) and step not in ("..", ".") for step in one.folder)


def test_bombs_and_nested_zips_are_told_and_not_opened(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as nested:
        nested.writestr("a.eml", MAIL)
    entries = {"casier.json": b"0" * 70_000_000, "A/in.zip": inner.getvalue(), "B/big.vcf": b"0" * 70_000_000}
    bag = Bag(a_zip(tmp_path / "x", entries), "x.zip")
    reasons = {one.reason for one in bag.messages() if isinstance(one, Unreadable)}
    assert Reason.NESTED_ARCHIVE in reasons
    assert [one.reason for one in bag.brought() if isinstance(one, Unreadable)] == [Reason.DAMAGED_ARCHIVE]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Été : 3e/4e?", "Été 3e 4e"), ("..", "_"), ("CON", "_CON"), ("nul.txt", "_nul.txt"), ("", "_"),
        ("a" * 300, "a" * 60), ("x\u202egpj.exe", "x gpj.exe"), ("fin. ", "fin"),
    ],
)  # fmt: skip
def test_names_that_every_system_takes(text: str, name: str) -> None:
    assert file_name(text) == name


def test_names_are_told_apart() -> None:
    taken: set[str] = set()
    assert [unique(name, taken) for name in ("A", "a", "A")] == ["A", "a (2)", "A (3)"]
    assert message_name(AT, "Re: ../x", 7) == "2026-11-22 0934 Re .. x 7.eml"


def called(found: Iterator[cards.Item | cards.Cut]) -> list[str]:
    """What each is known by; `-` stands before what can't come in, `+` before what is too large."""
    before = {True: "+", False: "-"}
    return [
        f"{before[one.too_large]}{one.called}" if isinstance(one, cards.Cut) else one.called for one in found
    ]


def test_cards_without_end_or_beyond_measure_are_told_and_the_rest_comes() -> None:
    whole = b"BEGIN:VCARD\r\nFN:%s\r\nEND:VCARD\r\n"
    cut, large = b"BEGIN:VCARD\r\nFN:Coup\xc3\xa9e\r\n", whole % (b"Grande\r\nX:" + b"y" * 6_000_000)
    agent = whole % (b"Avec\r\nAGENT:\r\n" + whole % b"Agent")
    assert called(cards.cards_in(whole % b"A" + cut + whole % b"B" + large + agent + whole % b"C" + cut)) == [
        "A", "-Coupée", "B", "+Grande", "Avec", "C", "-Coupée",
    ]  # fmt: skip
    assert list(cards.cards_in(b"END:VCARD\r\n" * 1000)) == []


def test_the_uid_of_a_card_names_it_where_a_file_could_be_called_so() -> None:
    lea, _ = cards.cards_in(CARD)
    (odd,) = cards.cards_in(b"BEGIN:VCARD\r\nUID:../../x\r\nEND:VCARD\r\n")
    assert isinstance(lea, cards.Item)
    assert isinstance(odd, cards.Item)
    assert (lea.uid, lea.name) == ("lea", "lea")
    assert re.fullmatch(r"[0-9a-f]{32}", odd.name)


def test_names_in_an_older_encoding_are_read() -> None:
    assert called(cards.cards_in("BEGIN:VCARD\r\nFN:Zoé Œuf\r\nEND:VCARD\r\n".encode("cp1252"))) == [
        "Zoé Œuf"
    ]


def test_an_event_without_end_costs_the_next_nothing() -> None:
    one = b"BEGIN:VEVENT\r\nUID:%s\r\nSUMMARY:Conseil %s\r\n"
    content = (
        one % (b"1", b"1") + b"END:VEVENT\r\n" + one % (b"2", b"2") + one % (b"3", b"3") + b"END:VEVENT\r\n"
    )
    assert sorted(called(cards.events_in(content))) == ["-Conseil 2", "Conseil 1", "Conseil 3"]
    many = (
        one % (b"4", b"4") + b"X:" + b"y" * 900_000 + b"\r\nEND:VEVENT\r\n"
    ) * 6  # one event, six times changed
    assert called(cards.events_in(many)) == ["+Conseil 4"]


@pytest.mark.parametrize("name", ["ATTENDEE", "organizer", "Attendee "])
@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("", ""), (";CN=Zoé", ";CN=Zoé"), (";SCHEDULE-AGENT=SERVER", ""),
        (';CN="schedule-agent"', ';CN="schedule-agent"'), (";X-A=schedule-agent", ";X-A=schedule-agent"),
        (";schedule-force-send=REQUEST;CN=x;Schedule-Agent=NONE", ";CN=x"),
        (';CN="a;SCHEDULE-AGENT=SERVER:b"; schedule-agent=server', ';CN="a;SCHEDULE-AGENT=SERVER:b"'),
    ],
)  # fmt: skip
def test_nobody_is_invited_whatever_a_file_says_of_it(name: str, said: str, kept: str) -> None:
    event = f"BEGIN:VEVENT\r\nUID:1\r\n{name}{said}:mailto:a@b.fr\r\nEND:VEVENT\r\n".encode()
    (one,) = cards.events_in(event)
    assert isinstance(one, cards.Item)
    (line,) = [line for line in one.content.decode().split("\r\n") if "mailto" in line]
    assert line == f"{name.strip()};SCHEDULE-AGENT=CLIENT{kept}:mailto:a@b.fr"


def test_what_was_placed_is_told_again_but_a_half_line(tmp_path: Path) -> None:
    placed = Placed(tmp_path / "x")
    assert list(placed.lines()) == []
    placed.add("A/é", Appended(5, "1:3"))
    placed.add_item("/dav/x.vcf")
    with (tmp_path / "x").open("ab") as file:
        file.write(b'{"folder": "B')
    assert list(placed.lines()) == [{"folder": "A/é", "validity": 5, "uids": "1:3"}, {"path": "/dav/x.vcf"}]


def test_what_is_damaged_inside_is_told_and_the_rest_comes(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "x", {"Contacts/A.vcf": CARD * 40, "Contacts/B.vcf": CARD, "1.eml": MAIL})
    content = bytearray(path.read_bytes())
    start = content.index(b"A.vcf") + len(b"A.vcf")
    content[start : start + 24] = b"\xff" * 24
    path.write_bytes(content)
    found = list(Bag(path, "x.zip").brought())
    assert [one.reason for one in found if isinstance(one, Unreadable)] == [Reason.DAMAGED_ARCHIVE]
    assert [one.collection for one in found if isinstance(one, Brought)] == ["B", "B"]


def test_a_zip_whose_directory_is_damaged_is_told(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "x", {"Contacts/A.vcf": CARD, "1.eml": MAIL})
    content = path.read_bytes()
    path.write_bytes(content.replace(b"PK\x01\x02", b"PK\x09\x09"))
    bag = Bag(path, "x.zip")
    for found in (list(bag.messages()), list(bag.brought())):
        assert all(isinstance(one, Unreadable) for one in found)
