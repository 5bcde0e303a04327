"""Folders, Maildirs and zips, friendly and hostile."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from casier.mailbox.importing import archive, sources, tree
from casier.mailbox.importing.found import Found, Message, Reason, Unreadable

MAIL = b"Subject: un\nDate: Tue, 03 Mar 2026 09:12:00 +0100\n\nBonjour.\n"


def places(found: list[Found]) -> list[tuple[tuple[str, ...], frozenset[str]]]:
    return [(one.folder, one.flags) for one in found if isinstance(one, Message)]


def reasons(found: list[Found]) -> list[Reason]:
    return [one.reason for one in found if isinstance(one, Unreadable)]


def write(path: Path, content: bytes = MAIL) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def zipped(path: Path, entries: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", how) as out:
        for name, content in entries.items():
            out.writestr(name, content)
    return path


def test_a_maildir_with_subfolders_and_flags(tmp_path: Path) -> None:
    write(tmp_path / "cur" / "1.a:2,FS")
    write(tmp_path / "new" / "2.a")
    write(tmp_path / "cur" / "3.a:2,a")
    write(tmp_path / "dovecot-keywords", b"0 travail\n")
    write(tmp_path / "tmp" / "4.a")
    for name in (".Projets.Estuaire", ".R&AOk-unions"):
        (tmp_path / name / "new").mkdir(parents=True)
        write(tmp_path / name / "cur" / "1.b:2,S")
    assert places(list(tree.read(tmp_path))) == [
        ((), frozenset({"\\Flagged", "\\Seen"})),
        ((), frozenset({"travail"})),
        ((), frozenset()),
        (("Projets", "Estuaire"), frozenset({"\\Seen"})),
        (("Réunions",), frozenset({"\\Seen"})),
    ]


def test_a_folder_of_messages_keeps_its_tree_and_natural_order(tmp_path: Path) -> None:
    for name in ("10.eml", "2.eml", "Envoyés/1.eml", "a/b/c.eml"):
        write(tmp_path / name)
    found = list(tree.read(tmp_path))
    assert [one.origin.path.rpartition("/")[2] for one in found] == ["2.eml", "10.eml", "1.eml", "c.eml"]
    assert [folder for folder, _ in places(found)] == [(), (), ("Envoyés",), ("a", "b")]


def test_a_thunderbird_profile(tmp_path: Path) -> None:
    box = b"From - Tue Mar  3 09:12:00 2026\n" + MAIL
    for name in ("Inbox", "Sent", "Inbox.sbd/Projets", "Inbox.msf"):
        write(tmp_path / name, box)
    assert [folder for folder, _ in places(list(tree.read(tmp_path)))] == [(), ("Projets",), ("Sent",)]


def test_an_mbox_given_by_name_goes_to_the_inbox_unless_its_name_is_special(tmp_path: Path) -> None:
    box = b"From a@b Tue Mar  3 09:12:00 2026\n" + MAIL
    assert places(list(tree.read(write(tmp_path / "export.mbox", box))))[0][0] == ()
    assert places(list(tree.read(write(tmp_path / "Sent", box))))[0][0] == ("Sent",)


def test_links_and_special_files_are_left_alone(tmp_path: Path) -> None:
    outside = write(tmp_path / "dehors" / "1.eml")
    inside = tmp_path / "dedans"
    inside.mkdir()
    (inside / "lien.eml").symlink_to(outside)
    (inside / "boucle").symlink_to(inside)
    os.mkfifo(inside / "tube.eml")
    assert stat.S_ISFIFO((inside / "tube.eml").stat().st_mode)
    assert list(tree.read(inside)) == []


def test_each_unreadable_thing_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    write(tmp_path / "1.eml", b"")
    write(tmp_path / "2.eml")
    write(tmp_path / "image.bin", b"\x89PNG\r\n\x1a\n")
    found = list(sources.read([tmp_path, tmp_path / "absent"]))
    assert len(places(found)) == 1
    assert reasons(found) == [Reason.EMPTY, Reason.NOT_MAIL, Reason.FILE_ERROR]


def test_a_zip_of_everything(tmp_path: Path) -> None:
    box = b"From a@b Tue Mar  3 09:12:00 2026\n" + MAIL
    path = zipped(
        tmp_path / "x.zip",
        {
            "export/1.eml": MAIL,
            "export/Maildir/cur/1.a:2,S": MAIL,
            "export/Maildir/.Sent/cur/1.a;2,F": MAIL,
            "export/Projets/notes.mbox": box,
            "__MACOSX/export/._1.eml": b"x",
            "export/vide.eml": b"",
        },
    )
    found = list(tree.read(path))
    assert places(found) == [
        ((), frozenset()),
        (("Sent",), frozenset({"\\Flagged"})),
        ((), frozenset({"\\Seen"})),
        (("Projets", "notes"), frozenset()),
    ]
    assert reasons(found) == [Reason.EMPTY]


def test_names_that_climb_out_only_name_folders(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"../../etc/1.eml": MAIL, "/absolu/2.eml": MAIL})
    assert [folder for folder, _ in places(list(tree.read(path)))] == [("etc",), ("absolu",)]


def test_a_bomb_is_stopped_and_reported(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"1.eml": b"Subject: x\n\n" + b"0" * 120_000_000, "2.eml": MAIL})
    assert path.stat().st_size < 200_000
    found = list(tree.read(path))
    assert reasons(found) == [Reason.BOMB]
    assert len(places(found)) == 1


def test_all_entries_together_are_limited_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive._Budget, "__init__", lambda self: setattr(self, "left", 100_000))
    path = zipped(tmp_path / "x.zip", {f"{n}.eml": MAIL + os.urandom(40_000) for n in range(5)})
    found = list(tree.read(path))
    assert len(places(found)) == 2
    assert reasons(found) == [Reason.BOMB] * 3


def test_overlapping_entries_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"1.eml": MAIL, "2.eml": MAIL}, zipfile.ZIP_STORED)
    content = bytearray(path.read_bytes())
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = struct.pack("<L", 0)  # its data begin where the first one's do
    path.write_bytes(content)
    assert Reason.BOMB in reasons(list(tree.read(path)))


def test_damaged_encrypted_and_nested_archives_are_reported(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as out:
        out.writestr("1.eml", MAIL)
    path = zipped(tmp_path / "x.zip", {"dedans.zip": inner.getvalue(), "2.eml": MAIL + os.urandom(2000)})
    content = bytearray(path.read_bytes())
    content[content.index(b"2.eml") + 40] ^= 0xFF
    path.write_bytes(content)
    assert set(reasons(list(tree.read(path)))) == {Reason.NESTED_ARCHIVE, Reason.DAMAGED_ARCHIVE}
    broken = write(tmp_path / "y.zip", path.read_bytes()[:200])
    assert reasons(list(tree.read(broken))) == [Reason.DAMAGED_ARCHIVE]
    locked = bytearray(zipped(tmp_path / "z.zip", {"1.eml": MAIL}).read_bytes())
    locked[6] |= 1
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    assert reasons(list(tree.read(write(tmp_path / "z.zip", bytes(locked))))) == [Reason.ENCRYPTED]
