"""Cards of vCard 2.1 are told as version 3.0."""

from __future__ import annotations

from casier.mailbox.transfer.cards import Item, cards_in


def taken(*lines: bytes) -> list[str]:
    """What becomes of a card of version 2.1 with LINES, without its first two lines, its UID and its last."""
    content = b"\r\n".join([b"BEGIN:VCARD", b"VERSION:2.1", *lines, b"END:VCARD", b""])
    (item,) = cards_in(content)
    assert isinstance(item, Item)
    first, version, *said, last, end = item.content.decode().split("\r\n")
    assert (first, version, last, end) == ("BEGIN:VCARD", "VERSION:3.0", "END:VCARD", "")
    return [line for line in said if not line.startswith("UID:")]


def test_a_telephones_card() -> None:
    assert taken(
        b"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Lef=C3=A8vre;Claire;;;",
        b"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Claire =",
        b"Lef=C3=A8=",
        b"vre",
        b"TEL;CELL;PREF:06 12 34 56 78",
        b"EMAIL;INTERNET;X-Coll\xc3\xa8ge:claire@example.org",
        b"ADR;WORK:;;1, rue des \xc3\x89coles;Rouen;;76000;France",
        b"NOTE;ENCODING=QUOTED-PRINTABLE:Lundi; mardi=0D=0Aet \\ jeudi=3B",
    ) == [
        "N:Lefèvre;Claire;;;",
        "FN:Claire Lefèvre",
        "TEL;TYPE=CELL;TYPE=PREF:06 12 34 56 78",
        "EMAIL;TYPE=INTERNET:claire@example.org",
        "ADR;TYPE=WORK:;;1\\, rue des Écoles;Rouen;;76000;France",
        "NOTE:Lundi\\; mardi\\net \\\\ jeudi\\;",
    ]


def test_letters_of_the_charset_that_it_names() -> None:
    quoted = b"FN;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:No=EBl"
    assert taken(quoted, b"N:No;;;;") == ["FN:Noël", "N:No;;;;"]
    assert taken(b"FN;CHARSET=ISO-8859-1:No\xebl", b"N:No;;;;") == ["FN:Noël", "N:No;;;;"]
    unknown = b"FN;CHARSET=nope;ENCODING=QUOTED-PRINTABLE:No=EBl"
    assert taken(unknown, b"N:No;;;;") == ["FN:Noël", "N:No;;;;"]


def test_names_are_made_where_there_are_none() -> None:
    assert taken(b"N:Caron;Micka\xc3\xabl") == ["FN:Mickaël Caron", "N:Caron;Mickaël"]
    assert taken(b"TEL:01") == ["FN:01", "N:;;;;", "TEL:01"]
    assert taken(b"FN:Secr\xc3\xa9tariat", b"ORG:Coll\xc3\xa8ge;Vie scolaire") == [
        "N:Secrétariat;;;;",
        "FN:Secrétariat",
        "ORG:Collège;Vie scolaire",
    ]


def test_a_picture_whether_its_lines_begin_with_blanks_or_not() -> None:
    for between in (b"\r\n ", b"\r\n"):
        lines = b"PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ" + between + b"SkZJRg=="
        assert taken(b"N:A", lines, b"TEL:1")[2:] == ["PHOTO;TYPE=JPEG;ENCODING=b:/9j/4AAQSkZJRg==", "TEL:1"]


def test_an_agents_card_and_lines_that_are_none_are_left_out() -> None:
    agent = (b"AGENT:", b"BEGIN:VCARD", b"VERSION:2.1", b"N:Autre", b"END:VCARD")
    assert taken(b"N:A", *agent, b"rien", b'TEL;X="a":1') == ["FN:A", "N:A", "TEL:1"]


def test_a_value_can_bring_no_other_property() -> None:
    smuggled = b"X-A;ENCODING=QUOTED-PRINTABLE:a=0D=0AURL:https://example.org=0AEND:VCARD"
    assert taken(b"N:A", smuggled) == ["FN:A", "N:A", "X-A:a URL:https://example.org END:VCARD"]


def test_a_hostile_card_is_read_in_one_pass() -> None:
    long = b"TEL;" + b" " * 1_000_000 + b";" * 1_000_000
    many = [b"PHOTO;BASE64" + b";X" * 100_000 + b":AAAA", *[b"AAAA"] * 200_000]
    puny = b"X-A;QUOTED-PRINTABLE;CHARSET=punycode:" + b"a-" + b"b" * 1_000_000
    assert taken(b"N:A", long, *many[:1])[:2] == ["FN:A", "N:A"]
    assert len(taken(b"N:A", b"PHOTO;BASE64:AAAA", *many[1:])[2]) == len("PHOTO;ENCODING=b:AAAA") + 800_000
    assert taken(b"N:A", puny)[2].startswith("X-A:a-bbb")


def test_later_versions_stay_as_they_are() -> None:
    later = b"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:A;B\r\nEND:VCARD\r\n"
    assert list(cards_in(later)) == [Item("1", later)]
