"""Feeds that were made to hurt: each is refused as a whole, quickly, and nothing of it is believed."""

from __future__ import annotations

import gzip
import io
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casier.feed.reading import files
from casier.feed.reading.aaf import AafReader
from casier.feed.records import BadFeed

SUBJECT = "ENT_Complet_20260901_PersEducNat_0000.xml"
PERSON = """<addRequest>
<operationalAttributes><attr name="categoriePersonne"><value>PersEducNat</value></attr>
</operationalAttributes>
<identifier><id>1</id></identifier><attributes><attr name="sn"><value>{name}</value></attr>
<attr name="givenName"><value>Anne</value></attr></attributes></addRequest>"""


def feed(body: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>\n{before}<ficAlimMENESR>{body}</ficAlimMENESR>'.encode()


def refused(content: bytes, folder: Path, name: str = SUBJECT) -> str:
    (folder / name).write_bytes(content)
    with pytest.raises(BadFeed) as told:
        list(AafReader([folder / name]).records())
    return str(told.value.facts["reason"])


def laughs() -> bytes:
    lines = ['<!ENTITY l0 "ha">'] + [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]
    return feed(PERSON.format(name="&l9;"), f"<!DOCTYPE ficAlimMENESR [{''.join(lines)}]>")


ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "billion laughs": (laughs, "hostile"),
    "quadratic blowup": (
        lambda: feed(PERSON.format(name="&a;" * 9), f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>'),
        "hostile",
    ),
    "external entity": (
        lambda: feed(PERSON.format(name="&f;"), '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'),
        "hostile",
    ),
    "entity of a description elsewhere": (
        lambda: feed(PERSON.format(name="a&secret;b"), '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'),
        "hostile",
    ),
    "parameter entity": (
        lambda: feed("", '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>'),
        "hostile",
    ),
    "attributes by default": (lambda: feed("", '<!DOCTYPE x [<!ATTLIST attr name CDATA "sn">]>'), "hostile"),
    "depth": (lambda: feed("<a>" * 100_000 + "</a>" * 100_000), "too_deep"),
    "giant text": (lambda: feed(PERSON.format(name="a" * 2_000_000)), "too_large"),
    "giant attribute": (lambda: feed(f'<addRequest a="{"a" * 2_000_000}"/>'), "too_large"),
    "giant comment": (lambda: feed(f"<!--{'a' * 2_000_000}-->"), "too_large"),
    "giant name": (lambda: feed(f"<{'a' * 2_000_000}/>"), "too_large"),
    "many attributes": (
        lambda: feed("<addRequest><attributes>" + '<attr name="x"/>' * 60_000),
        "too_large",
    ),
    "many values": (
        lambda: feed(f'<addRequest><attributes><attr name="sn">{"<value>a</value>" * 60_000}'),
        "too_large",
    ),
    "cut short": (lambda: feed(PERSON.format(name="A"))[:-30], "cut_short"),
    "cut within a letter": (lambda: "<ficAlimMENESR>é".encode()[:-1], "cut_short"),
    "nothing": (lambda: b"", "cut_short"),
    "null bytes": (lambda: feed(PERSON.format(name="A\0B")), "bad_bytes"),
    "two roots": (lambda: feed("") + b"<ficAlimMENESR/>", "not_xml"),
    "crossed tags": (lambda: feed("<addRequest><a></addRequest></a>"), "not_xml"),
    "another XML": (lambda: b"<html><body/></html>", "not_a_feed"),
    "no XML": (lambda: b"Nom;Prenom\nMartin;Jean\n", "not_xml"),
    "encoding that nobody uses": (lambda: b'<?xml version="1.0" encoding="UTF-7"?><a/>', "encoding_unknown"),
    "encoding that is a lie": (
        lambda: (
            b'<?xml version="1.0" encoding="UTF-8"?>'
            + feed(PERSON.format(name="@"))[22:].replace(b"@", b"\xe9")
        ),
        "bad_bytes",
    ),
    "a change in what says that it is all": (
        lambda: feed(PERSON.format(name="A").replace("addRequest", "deleteRequest")),
        "not_complete",
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_xml_is_refused_as_a_whole(attack: str, tmp_path: Path) -> None:
    make, reason = ATTACKS[attack]
    assert refused(make(), tmp_path) == reason


def test_a_description_elsewhere_is_named_and_never_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ficAlimMENESR.dtd").write_text('<!ENTITY secret "never">')
    content = feed(PERSON.format(name="A"), '<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">')
    (tmp_path / SUBJECT).write_bytes(content)
    opened: list[str] = []
    monkeypatch.setattr("socket.socket.connect", lambda *_: opened.append("connected"))
    assert len(list(AafReader([tmp_path]).records())) == 1
    assert not opened


def test_what_goes_before_a_fault_takes_no_memory(tmp_path: Path) -> None:
    (tmp_path / SUBJECT).write_bytes(feed(PERSON.format(name="a" * 30_000_000)))
    reader = AafReader([tmp_path])
    tracemalloc.start()
    with pytest.raises(BadFeed):
        list(reader.records())
    assert tracemalloc.get_traced_memory()[1] < 3_000_000
    tracemalloc.stop()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_bytes_break_the_reading(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    encoding = data.draw(st.sampled_from(["utf-8", "utf-16", "iso-8859-15"]))
    content = bytearray(feed(PERSON.format(name="Ève") * 2).decode().encode(encoding))
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, len(content)))
        content[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=6))
    path = tmp_path_factory.getbasetemp() / "any.xml"
    path.write_bytes(bytes(content))
    with suppress(BadFeed):
        list(AafReader([path]).records())


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_no_bytes_of_an_archive_break_the_reading(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp()
    content = feed(PERSON.format(name="A"))
    (folder / SUBJECT).write_bytes(content)
    with tarfile.open(folder / "any.tar.gz", "w:gz") as archive:
        archive.add(folder / SUBJECT, SUBJECT)
    path = data.draw(st.sampled_from([zipped(folder, content), folder / "any.tar.gz"]))
    spoilt = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, 9999)) * len(spoilt) // 10_000  # lengths differ with the clock
        spoilt[place] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(spoilt))
    with suppress(BadFeed):
        list(AafReader([path]).records())


def zipped(folder: Path, content: bytes, name: str = SUBJECT) -> Path:
    with zipfile.ZipFile(folder / "feed.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return folder / "feed.zip"


def reason_of(path: Path) -> str:
    with pytest.raises(BadFeed) as told:
        list(AafReader([path]).records())
    return str(told.value.facts["reason"])


def test_a_bomb_in_an_archive_stops_at_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "FREELY", 200_000)
    spaces = feed("<!-- -->" * 900_000)
    assert reason_of(zipped(tmp_path, spaces)) == "bomb"
    (tmp_path / f"{SUBJECT}.gz").write_bytes(gzip.compress(spaces))
    assert reason_of(tmp_path / f"{SUBJECT}.gz") == "bomb"


def test_the_header_of_a_tar_may_not_be_huge(tmp_path: Path) -> None:
    header = tarfile.TarInfo("long")
    header.type, header.size = tarfile.XHDTYPE, 500 * 1024**2
    (tmp_path / "feed.tar.gz").write_bytes(gzip.compress(header.tobuf() + b"\0" * 1024))
    assert reason_of(tmp_path / "feed.tar.gz") == "bomb"


def test_too_many_files_and_passwords_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path, feed(""))
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(content))
    assert reason_of(path) == "encrypted"
    monkeypatch.setattr(files, "MOST_FILES", 3)
    with tarfile.open(tmp_path / "many.tar.gz", "w:gz") as archive:
        for number in range(9):
            archive.addfile(tarfile.TarInfo(f"{number}.txt"), io.BytesIO())
    assert reason_of(tmp_path / "many.tar.gz") == "too_many_files"


@pytest.mark.parametrize("cut", [10, 60, 200])
def test_damaged_archives_are_told(cut: int, tmp_path: Path) -> None:
    path = zipped(tmp_path, feed(PERSON.format(name="A") * 50))
    path.write_bytes(path.read_bytes()[:cut] + b"\xff" * 5)
    assert reason_of(path) == "damaged"
    packed = gzip.compress(feed(PERSON.format(name="A") * 50))
    (tmp_path / f"{SUBJECT}.gz").write_bytes(packed[:cut])
    assert reason_of(tmp_path / f"{SUBJECT}.gz") == "damaged"


def test_a_member_called_as_a_path_is_only_read(tmp_path: Path) -> None:
    path = zipped(tmp_path, feed(PERSON.format(name="A")), "../../ENT_Complet_20260901_PersEducNat_0000.xml")
    (record,) = AafReader([path]).records()
    assert record.place.file == SUBJECT
    assert sorted(tmp_path.iterdir()) == [path]


def test_links_of_a_tar_are_not_followed(tmp_path: Path) -> None:
    link = tarfile.TarInfo("passwords.xml")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(tmp_path / "feed.tar", "w") as archive:
        archive.addfile(link)
    assert reason_of(tmp_path / "feed.tar") == "nothing"
