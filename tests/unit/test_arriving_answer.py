"""What Cyrus is told of a message that it stores."""

from __future__ import annotations

from pathlib import Path

from casier.engines.cyrus.arriving.answer import Answers, told

TEXT = b'("TEXT" "PLAIN" NIL NIL NIL "8BIT" 15 1 NIL NIL NIL NIL (OFFSET 14 HEADERSIZE 14))'
FILE = b'("APPLICATION" "PDF" NIL NIL NIL "BASE64" 9 NIL NIL NIL NIL (OFFSET 29 HEADERSIZE 0))'
PDF = b'(%s%s "MIXED" NIL NIL NIL NIL)' % (TEXT, FILE)


def question(file: Path, body: bytes, guid: bytes = b"a1") -> bytes:
    return b'(FILENAME "%s" ANNOTATIONS () FLAGS () BODY %s GUID %s)' % (bytes(file), body, guid)


def stored(tmp_path: Path, content: bytes = b"Subject: x\r\n\r\nBonjour \xc3\xa0 tous") -> Path:
    path = tmp_path / "1."
    path.write_bytes(content)
    return path


def test_first_words_and_files(tmp_path: Path) -> None:
    said = Answers()(question(stored(tmp_path), PDF))
    preview = b'(/vendor/casier/preview (value.shared "%s"))' % "Bonjour à tous".encode()
    assert said == b"(+FLAGS ($HasAttachment) ANNOTATION %s)\r\n" % preview


def test_nothing_to_say(tmp_path: Path) -> None:
    assert Answers()(question(stored(tmp_path, b"Subject: x\r\n\r\n"), TEXT)) == b"()\r\n"


def test_mail_for_many_is_looked_at_once(tmp_path: Path) -> None:
    answers, path = Answers(), stored(tmp_path)
    first = answers(question(path, TEXT))
    path.unlink()
    assert answers(question(path, TEXT)) == first
    assert answers(question(path, TEXT, b"b2")) == b"()\r\n"


def test_what_is_not_understood_has_no_answer_and_does_no_harm() -> None:
    for noise in (b"", b"(", b"(BODY)", b"()", b"nonsense", b'(FILENAME "/x" BODY () GUID a)'):
        assert Answers()(noise) == b"()\r\n"


def test_words_never_end_the_list_early() -> None:
    said = told(files=False, preview='") (x" \\ {3}')
    assert rb'(value.shared "\") (x\" \\ {3}")' in said
