"""What is printed holds only what is ours, and says what it was given."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.template import engines
from weasyprint.urls import FatalURLFetchingError

from casier.directory.models import Academy
from casier.identity.activation.sheets import MOST, Sheet, TooManySheets, print_sheets
from casier.identity.paper import api as paper

ROUEN = Academy(slug="rouen", name="Académie de Rouen", accent="#7A2E3A")


def printed(monkeypatch: pytest.MonkeyPatch, html: str) -> bytes:
    """A PDF of HTML, as if it were one of our templates."""

    class Alone:
        def get_template(self, _name: str) -> object:
            return engines["django"].from_string(html)

    monkeypatch.setattr(paper, "_engine", Alone)
    return paper.pdf("any.html", {}, ROUEN)


def test_a_page_is_a_pdf_with_our_type(monkeypatch: pytest.MonkeyPatch) -> None:
    made = paper.pdf("paper/page.html", {}, ROUEN)
    assert made.startswith(b"%PDF-")
    style = 'style="font-family: Atkinson Hyperlegible Next"'
    text = f'<link rel="stylesheet" href="tokens.css"><p {style}>Bonjour</p>'
    assert b"Atkinson" in inflated(printed(monkeypatch, text))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/x.png",
        "https://example.org/x.png",
        "file:///etc/passwd",
        "../../../../../../etc/passwd",
        "file://host/etc/passwd",
        "data:text/css,p{color:red}",
        "//example.org/x.css",
    ],
)
def test_nothing_is_fetched_that_is_not_ours(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        printed(monkeypatch, f'<link rel="stylesheet" href="{address}"><p>x</p>')


def test_a_link_out_of_our_folder_is_not_followed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "other.css").write_text("p{}", "utf-8")
    (tmp_path / "static" / "in.css").symlink_to(tmp_path / "other.css")
    monkeypatch.setattr(paper, "STATIC", tmp_path / "static")
    paper._own_files.cache_clear()
    with pytest.raises(FatalURLFetchingError):
        printed(monkeypatch, '<link rel="stylesheet" href="in.css"><p>x</p>')
    paper._own_files.cache_clear()


def test_a_qr_code_is_a_drawing_that_does_not_repeat_its_text() -> None:
    drawn = paper.qr_svg('https://rouen.localhost/activation/?x="<script>')
    assert drawn.startswith("<svg")
    assert "script" not in drawn
    assert "rouen" not in drawn


def inflated(made: bytes) -> bytes:
    """The streams of a PDF, unpacked, and what stands between them."""
    parts = [made]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL):
        try:
            parts.append(zlib.decompress(packed))
        except zlib.error:
            continue
    return b"\n".join(parts)


def sheet(kind: str, secret: str = "") -> Sheet:
    page = "https://rouen.localhost/activation/"
    return Sheet(
        "M. Théo <b>Martin</b>", "Collège des Falaises, Dieppe", "theo.martin@ac-rouen.fr", kind, secret,
        ["K comme Kléber"] if secret else [], page, paper.qr_svg(page),
        datetime(2026, 12, 23, 12, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_sheet_is_one_page(language: str) -> None:
    sheets = [
        sheet("arrival_code", "K7RM-4TXQ-9AHW"),
        sheet("temporary_password", "tadu-8kfe"),
        sheet("numen"),
    ]
    made = print_sheets(ROUEN, sheets, language)
    assert len(re.findall(rb"/Type /Page\b", inflated(made))) == len(sheets)


def test_no_more_sheets_than_a_printer_takes() -> None:
    with pytest.raises(TooManySheets):
        print_sheets(ROUEN, [sheet("numen")] * (MOST + 1))
