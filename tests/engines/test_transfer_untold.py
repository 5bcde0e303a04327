"""Address books and agendas taken into a real Cyrus: nobody is told of it, and what can't come in is told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import cast

import pytest

from casier.engines.clamav.clamd import Clamd, Report, read_answer
from casier.engines.cyrus.store import Store
from casier.kernel.instance import Instance, Port
from casier.kernel.secret import Secret
from casier.mailbox.importing.found import Reason
from casier.mailbox.transfer.bringing import Bag
from casier.mailbox.transfer.dav import Dav, dav_of
from casier.mailbox.transfer.putting import Putting
from engines.roads_rig import Outside, _Session
from engines.store_alone import store_alone, store_of
from waiting import wait_until

pytestmark = pytest.mark.engines
OWN, OTHER, OUTSIDE = "jean.martin@essai.test", "lea.petit@essai.test", "parent@ailleurs.test"
_ASKED = b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getetag/></prop></propfind>'
MEETING = (
    "ORGANIZER{0}:mailto:{1}\r\n"
    "ATTENDEE{0};PARTSTAT=ACCEPTED:mailto:{2}\r\n"
    "ATTENDEE{0};PARTSTAT=NEEDS-ACTION:mailto:{3}\r\n"
    "ATTENDEE{0};PARTSTAT=NEEDS-ACTION:mailto:{4}\r\n"
)


class Clean:
    def scan_message(self, _content: bytes) -> Report:
        return read_answer(b"1: stream: OK")


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    with store_alone() as instance:
        with store_of(instance, OWN, OTHER):
            for key in (OWN, OTHER):
                with dav_of(instance, key) as dav:
                    dav.agendas()
        yield instance


@pytest.fixture(scope="module")
def postfix(instance: Instance) -> Iterator[Outside]:
    """Stands where Cyrus hands over what it sends: what comes here would have been in the queue."""
    with Outside(("127.0.0.1", instance.port(Port.POSTFIX_JMAP)), _Session) as sink:
        sink.start()
        yield sink
        sink.shutdown()


@pytest.fixture
def own(instance: Instance) -> Iterator[Dav]:
    with dav_of(instance, OWN) as dav:
        yield dav


def event(uid: str, more: str = "", title: str = "Conseil") -> bytes:
    day = "DTSTART:20291204T130000Z\r\nDTEND:20291204T140000Z\r\n"
    lines = f"UID:{uid}\r\nDTSTAMP:20260901T080000Z\r\nSUMMARY:{title} {uid}\r\n{day}{more}"
    return f"BEGIN:VEVENT\r\n{lines}END:VEVENT\r\n".encode()


def calendar(*events: bytes) -> bytes:
    # METHOD makes of a file an invitation (RFC 5546)
    return (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x\r\nMETHOD:REQUEST\r\n%sEND:VCALENDAR\r\n"
        % b"".join(events)
    )


def brought(folder: Path, name: str, content: bytes, dav: Dav) -> tuple[Putting, list[str]]:
    """What taking in a file came to, and the addresses of what is new."""
    (folder / "file").write_bytes(content)
    placed: list[str] = []
    putting = Putting(dav, cast(Clamd, Clean()), placed.append)
    putting.put_all(Bag(folder / "file", name))
    return putting, placed


def seen_by(instance: Instance, key: str) -> tuple[int, int, int]:
    """How many events, messages of the scheduling inbox and mails somebody has."""
    with dav_of(instance, key) as dav:
        events = sum(b"".join(dav.read(one.path)).count(b"BEGIN:VEVENT") for one in dav.agendas())
        path = f"/dav/calendars/user/{key}/Inbox/"
        asked = dav._ask("PROPFIND", path, _ASKED, {"Depth": "1", "Content-Type": "application/xml"})
        inbox = asked.read().count(b".ics<")
    store = Store.of(instance, lambda _user: Secret("a-token"))
    with store.person(key) as person:
        (line,) = person.run("STATUS INBOX (MESSAGES)").expect().lines
    return events, inbox, int(line.rstrip(b")\r\n").split()[-1])


def test_cyrus_tells_people_unless_it_is_told_not_to(instance: Instance, postfix: Outside, own: Dav) -> None:
    """Without this, what the next test sees would prove nothing."""
    before = seen_by(instance, OTHER)
    home = own.agendas()[0].path
    content = calendar(event("temoin", MEETING.format("", OWN, OWN, OTHER, OUTSIDE)))
    own._ask(
        "PUT",
        home + "temoin.ics",
        content.replace(b"METHOD:REQUEST\r\n", b""),
        {"Content-Type": "text/calendar"},
    ).read()
    assert postfix.arrived("Invitation: Conseil temoin").recipients == (OUTSIDE,)
    wait_until(
        "the invitation of a colleague",
        lambda: seen_by(instance, OTHER)[:2] == (before[0] + 1, before[1] + 1),
    )
    own._ask("DELETE", home + "temoin.ics").read()
    wait_until("the end to be told", lambda: len(postfix.delivered) == 2)
    wait_until("a colleague to be told of the end", lambda: seen_by(instance, OTHER)[1] == before[1] + 2)
    postfix.delivered.clear()


@pytest.mark.parametrize(
    "said",
    [
        "",
        ";SCHEDULE-AGENT=SERVER",
        ';CN="schedule-agent"',
        ";SCHEDULE-FORCE-SEND=REQUEST",
        ";SCHEDULE-AGENT=X",
        " ",
    ],
)
@pytest.mark.parametrize("organiser", [OWN, OTHER, OUTSIDE])
def test_nobody_is_told_of_what_is_brought_or_taken_out_again(
    instance: Instance, postfix: Outside, own: Dav, tmp_path: Path, said: str, organiser: str
) -> None:
    before = seen_by(instance, OTHER)
    uid = f"{said}{organiser}".encode().hex()
    meeting = MEETING.format(said, organiser, OWN, OTHER, OUTSIDE)
    alarm = (
        "BEGIN:VALARM\r\nACTION:EMAIL\r\nTRIGGER:PT0S\r\nSUMMARY:x\r\nDESCRIPTION:x\r\n"
        f"ATTENDEE:mailto:{OUTSIDE}\r\nEND:VALARM\r\n"
    )
    putting, placed = brought(tmp_path, "agenda.ics", calendar(event(uid, meeting + alarm)), own)
    assert (putting.counts["ics"], putting.wrong, len(placed)) == (1, [], 1)
    # the same once more, as after a worker's end
    assert brought(tmp_path, "agenda.ics", calendar(event(uid, meeting)), own)[0].counts == {"known": 1}
    own.delete(placed[0])
    time.sleep(0.5)  # for what must not come
    assert postfix.delivered == []
    assert seen_by(instance, OTHER) == before


def test_broken_events_are_told_and_the_others_come(own: Dav, tmp_path: Path) -> None:
    good = [event(f"bon{number}") for number in range(3)]
    broken = [
        event("sansdate").replace(b"DTSTART:20291204T130000Z", b"DTSTART:demain"),
        event("regle", "RRULE:FREQ=JAMAIS;COUNT=-1\r\n"),
        event("nul", "COMMENT:\0\r\n"),
        event("deux", "DTEND;TZID=Nulle/Part:20291204T150000\r\n"),
        event("coupe").replace(b"END:VEVENT\r\n", b""),
    ]
    content = calendar(good[0], broken[0], broken[4], good[1], *broken[1:4], good[2])
    putting, placed = brought(tmp_path, "classe.ics", content, own)
    assert len(placed) == putting.counts["ics"] == 3
    told = {one.origin.position: one.reason for one in putting.wrong}
    assert told == {
        "Conseil sansdate": Reason.REFUSED, "Conseil regle": Reason.REFUSED, "Conseil nul": Reason.REFUSED,
        "Conseil deux": Reason.REFUSED, "Conseil coupe": Reason.CUT_SHORT,
    }  # fmt: skip
    assert all(one.detail for one in putting.wrong if one.reason is Reason.REFUSED)
    again = brought(tmp_path, "classe.ics", content, own)[0]
    assert (again.counts, len(again.wrong)) == ({"known": 3}, 5)


def days(number: int) -> Iterator[str]:
    return (time.strftime("%Y%m%dT130000Z", time.gmtime(1_890_000_000 + at * 86_400)) for at in range(number))


def test_ten_thousand_recurrences_come_in_and_hold_nothing_up(own: Dav, tmp_path: Path) -> None:
    rule = event("regle10000", "RRULE:FREQ=DAILY;COUNT=10000\r\n")
    endless = event("sansfin", "RRULE:FREQ=SECONDLY\r\n")
    dates = event("dates10000", f"RDATE:{','.join(days(10_000))}\r\n")
    changed = [event("change10000", "RRULE:FREQ=DAILY;COUNT=10000\r\n")]
    changed += [
        event("change10000", f"RECURRENCE-ID:{day}\r\nLOCATION:Salle {day}\r\n") for day in days(10_000)
    ]
    last = event("dernier")
    begun = time.monotonic()
    putting, placed = brought(tmp_path, "grand.ics", calendar(rule, endless, dates, *changed, last), own)
    took = time.monotonic() - begun
    assert putting.wrong == []
    assert len(placed) == 5
    assert took < 30, f"{took:.1f} s"


def test_hostile_cards_are_kept_as_they_are_or_told(own: Dav, tmp_path: Path) -> None:
    def card(name: str, more: str = "", version: str = "3.0") -> bytes:
        said = f"VERSION:{version}\r\nUID:{name}\r\nFN:{name}\r\nN:{name};;;;\r\n{more}"
        return f"BEGIN:VCARD\r\n{said}END:VCARD\r\n".encode()

    taken = [
        card("script", "NOTE:<script>alert(1)</script>\r\nURL:javascript:alert(1)\r\n"),
        card("image", "PHOTO;VALUE=uri:http://traqueur.test/x.png\r\n"),
        card("chemin/../../../INBOX", "ORG:../../x\r\n"),
        card("adresses", "EMAIL:a@b.fr\r\n" * 20_000),
        card("note", f"NOTE:{'x' * 4_000_000}\r\n"),
        card("\u202egpj.exe"),
        card("longue" + "x" * 5_000),
        card("vieux", version="2.1"),
    ]
    wrong = [
        card("nul", "NOTE:a\0b\r\n"), card("ligne", "SANSVALEUR\r\n"),
        card("sansnom").replace(b"FN:", b"X-FN:"), card("coupee").replace(b"END:VCARD\r\n", b""),
        card("enorme", f"NOTE:{'x' * 6_000_000}\r\n"),
    ]  # fmt: skip
    content = b"".join(one for pair in zip_longest(wrong, taken, fillvalue=b"") for one in pair)
    putting, placed = brought(tmp_path, "contacts.vcf", content, own)
    assert {one.origin.position for one in putting.wrong} == {
        "nul",
        "ligne",
        "sansnom",
        "coupee",
        "enorme",
    }
    assert len(placed) == putting.counts["vcf"] == len(taken)
    assert all(path.startswith("/dav/addressbooks/user/") and ".." not in path.split("/") for path in placed)
