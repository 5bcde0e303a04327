"""How Cyrus describes a message that it stores, as it was recorded from Cyrus 3.6."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.engines.cyrus.arriving import structure
from casier.engines.cyrus.arriving.answer import Answers, question_in, told
from casier.engines.cyrus.arriving.attachments import has_attachments
from casier.engines.cyrus.arriving.parts import read_part

FILES, NOTHING = told(files=True, preview=""), told(files=False, preview="")
RECORDED = (
    b'(FILENAME "/spool/1." ANNOTATIONS () FLAGS (\\Seen) BODY (("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 0 NIL '
    b'NIL NIL NIL (OFFSET 90 HEADERSIZE 28))("APPLICATION" "PDF" ("NAME" "a.pdf") NIL NIL "7BIT" 1 NIL '
    b'("ATTACHMENT" ("FILENAME" "a.pdf")) NIL NIL (OFFSET 196 HEADERSIZE 94)) "MIXED" ("BOUNDARY" "b") NIL '
    b"NIL NIL) GUID f142f1e1f67254b48cf642ca0e9d0d1aae016195)"
)
TEXT = '("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "8BIT" 12 1 NIL NIL NIL NIL)'
HTML = '("TEXT" "HTML" NIL NIL NIL "8BIT" 12 1 NIL NIL NIL NIL)'
ENVELOPE = '("d" "s" NIL NIL NIL NIL NIL NIL NIL NIL)'
LETTER = f'("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 9 {ENVELOPE} {TEXT} 3 NIL NIL NIL NIL)'


def leaf(kind: str, name: str = "", content_id: str = "", disposition: str = "NIL") -> str:
    """The structure of one part, as Cyrus writes it."""
    main, sub = kind.upper().split("/")
    parameters = f'("NAME" "{name}")' if name else "NIL"
    lines = " 1" if main == "TEXT" else ""
    cid = f'"{content_id}"' if content_id else "NIL"
    return f'("{main}" "{sub}" {parameters} {cid} NIL "7BIT" 9{lines} NIL {disposition} NIL NIL)'


def multipart(kind: str, *parts: str) -> str:
    return f'({"".join(parts)} "{kind}" ("BOUNDARY" "b") NIL NIL NIL)'


def test_the_recorded_question() -> None:
    question = question_in(RECORDED)
    text, file = question.message.parts
    assert (question.file, question.guid[:4]) == ("/spool/1.", "f142")
    assert (text.encoding, text.size, text.offset) == ("7bit", 5, 90)
    assert has_attachments(question.message)
    assert file.offset == 196
    as_shown = RECORDED.replace(b"ATTACHMENT", b"INLINE").replace(b"PDF", b"X")
    assert has_attachments(question_in(as_shown).message)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (TEXT, False),
        (multipart("ALTERNATIVE", TEXT, HTML), False),
        (multipart("MIXED", TEXT, leaf("image/png")), True),
        (multipart("RELATED", HTML, leaf("image/png", "", "<a@b>", '("INLINE" NIL)')), False),
        (multipart("RELATED", HTML, leaf("image/png")), False),
        (multipart("RELATED", HTML, leaf("image/png", "", "<a@b>", '("ATTACHMENT" NIL)')), True),
        (multipart("SIGNED", TEXT, leaf("application/pgp-signature", "s.asc")), False),
        (multipart("MIXED", TEXT, leaf("text/calendar", "i.ics")), False),
        (multipart("MIXED", TEXT, leaf("text/plain", "notes.txt")), True),
        (multipart("MIXED", TEXT, leaf("text/plain", "", "", '("ATTACHMENT" ("FILENAME*0" "n"))')), True),
        (multipart("MIXED", TEXT, LETTER), True),
        (multipart("REPORT", TEXT, leaf("message/delivery-status"), LETTER), False),
        (leaf("application/pdf"), True),
    ],
)
def test_what_counts_as_an_attachment(body: str, expected: bool) -> None:
    part = read_part(structure.parse(body.encode()))
    assert has_attachments(part) is expected


@given(st.binary(max_size=200))
def test_a_structure_that_can_not_be_read_stops_no_mail(data: bytes) -> None:
    assert Answers()(data) in (FILES, NOTHING)
    assert Answers()(b"(BODY " + data + b")") in (FILES, NOTHING)


def test_nested_without_end() -> None:
    assert Answers()(b"(BODY " + b"(" * 100_000) == NOTHING


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'"a \\"b\\" \\\\"', 'a "b" \\'),
        (b"{5}\r\na(b)c", "a(b)c"),
        (b"{2+}\r\n)(", ")("),
        (b"(NIL NILS ())", [None, "NILS", []]),
        ('"é"'.encode(), "é"),
    ],
)
def test_lists(text: bytes, value: object) -> None:
    assert structure.parse(text) == value


@pytest.mark.parametrize("text", [b"", b"(", b'"a', b"{9}\r\na", b"{x}\r\na", b")", b"{99999999999}\r\n"])
def test_broken_lists(text: bytes) -> None:
    with pytest.raises(structure.Malformed):
        structure.parse(text)
