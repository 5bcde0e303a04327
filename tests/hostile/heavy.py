"""Messages made heavy: the page must stay at its reader's command."""

from __future__ import annotations

from collections.abc import Iterator

from hostile.case import After, Case
from hostile.envelopes import whole

# Messages that would keep the page busy for long: each must be there within the patience of a reader.
HEAVY = (
    "<div>" * 20_000 + "a",
    "<div style='display:flex'>" * 400 + "a",
    "<div style='display:grid'>" * 400 + "a",
    "<span style='display:inline-block'>" * 400 + "a",
    "<table><tr><td>" * 150 + "a",
    "<table style='table-layout:auto;width:100%'><tr><td>a<td>" * 60 + "b",
    "<table><tr>" + "<td>a" * 9_000 + "</table>",
    "<table>" + "<tr><td>a<td>b<td>c" * 8_000 + "</table>",
    "<table><tr><td colspan=1000 rowspan=65534>" + "<td colspan=999 rowspan=9999>a" * 300 + "</table>",
    "<ul>" + "<li>a" * 20_000 + "</ul>",
    "<ol>" + "<li><ol>" * 300 + "a",
    "<blockquote>" * 400 + "a",
    "<p>" + "a" * 400_000 + "</p>",
    "<p>" + "a " * 200_000 + "</p>",
    "<p>" + "\u0300" * 60_000 + "</p>",
    "<p>" + "\u202e\u2066" * 20_000 + "a</p>",
    "<p>" + "&#x1F468;&#x200D;" * 9_000 + "</p>",
    "<p>" + "<b><i><u>" * 3_000 + "a</p>" * 50,
    "<a href=http://exemple.fr/>" + "ac-normandie.fr " * 9_000 + "</a>",
    "".join(f"<a href=http://s{at}.exemple.fr/>lien</a> " for at in range(8_000)),
    "<img src=http://exemple.fr/a.png>" * 8_000,
    "<span></span>" * 30_000,
    "<div>" * 300 + "<span></span>" * 20_000,
    "<p class='" + "a " * 100_000 + "'>a</p>",
    "<p " + "".join(f"a{at}=b " for at in range(20_000)) + ">a</p>",
    "<p style='font-family:\"" + "url(" * 100_000 + "\"'>a</p>",
    "<p style='font-family:\"" + "-" * 300_000 + "\"'>a</p>",
    "<style>" + "p{color:red}" * 30_000 + "</style><p>a",
    "<style>" + "@media all{" * 5_000 + "p{color:red}</style><p>a",
    "<style>" + ".a>" * 20_000 + "p{color:red}</style><p>a",
    "<style>" + ":not(" * 5_000 + "p{color:red}</style><p>a",
    "<style>*:has(* + *:has(~ *)) *{color:red}</style>" + "<p>a</p>" * 1_500,
    "<style>:nth-last-child(2n+1 of p:has(~ b)){color:red}</style>" + "<p>a</p>" * 3_000,
    "<style>p{" + "color:red;" * 50_000 + "}</style><p>a",
    "<style>p{background:linear-gradient(" + "red," * 9_000 + "red)}</style><p>a",
    "<style>p{width:calc(" + "(" * 5_000 + "1px" + ")" * 5_000 + ")}</style><p>a",
    "<style>p{filter:" + "blur(900px) " * 20 + "}</style>" + "<p>a</p>" * 50,
    "<style>p{box-shadow:" + "0 0 900px red," * 200 + "0 0 9px red}</style>" + "<p>a</p>" * 50,
    "<style>li{counter-increment:a}li::before{content:counters(a,'.')}</style>" + "<ol><li>" * 200,
    "<style>div{columns:3}</style>" + "<div>" * 40 + "a",
    "<style>p{float:left;width:33%}</style>" + "<p>a</p>" * 5_000,
    "<div style='width:1e9px;height:1e9px;border-radius:1e9px;box-shadow:0 0 999px red'>a</div>",
    "<!--" * 50_000 + "<p>a",
    "<p title='" + "&amp;" * 60_000 + "'>a</p>",
    "<" * 200_000 + "p>a",
    "&" * 200_000 + "<p>a",
    "</p>" * 60_000 + "<p>a",
    "<p>De : a<br>" * 8_000,
    "<p>Le 1 janvier a écrit" + " " * 100_000 + "x</p><blockquote>a</blockquote>",
)  # fmt: skip


def all_heavy() -> Iterator[Case]:
    """Every message that would freeze the page."""
    yield from (Case("lourdeurs", After.COVER, html, False) for html in HEAVY)
    for text in (
        "a" * 300_000,
        " " * 300_000 + "x",
        "\n" * 300_000 + "x",
        "> " * 100_000,
        ">" * 200_000,
        "http://a" + ")" * 200_000,
        "http://a" + "." * 200_000 + "a",
        "www." + "a" * 200_000,
        "a@" * 100_000,
        "a@" + "a." * 100_000 + "1",
        "Le 1 janvier a écrit" + " " * 100_000 + "x\n> a",
        "Le 1 janvier, a a écrit :\n> a\nb\n" * 8_000,
        "http://exemple.fr/a " * 15_000,
        "\u0300" * 100_000,
    ):
        # Lines of mail are no longer than this (RFC 5322 §2.1.1): the store would cut them.
        folded = text if "\n" in text else "=\r\n".join(_quoted(text, 70))
        raw = whole(
            "text/plain; charset=utf-8", folded, encoding="8bit" if "\n" in text else "quoted-printable"
        )
        yield Case("lourdeurs", After.COVER, "", False, raw=raw)


def _quoted(text: str, length: int) -> Iterator[str]:
    for at in range(0, len(text), length):
        piece = text[at : at + length].encode()
        yield "".join(chr(byte) if 32 < byte < 127 and byte != 61 else f"={byte:02X}" for byte in piece)
