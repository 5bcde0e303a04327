"""Messages made heavy: the page must stay at its reader's command."""

# Payloads are kept whole.
# ruff: noqa: E501
from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator

from hostile.case import After, Case
from hostile.envelopes import whole


def blank_picture(side: int) -> str:
    """A PNG of SIDE by SIDE pixels, all of one colour, as a data URL of some kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1 + (side + 7) // 8) * side, 9)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


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
    "<a href=%U%/>" + "ac-normandie.fr " * 9_000 + "</a>",
    "".join(f"<a href=http://s{at}.%H%/>lien</a> " for at in range(8_000)),
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


# Layouts whose work doubles with each box, grids and tables of millions of empty places, selectors that look at
# everything for everything, pictures that are far larger than their bytes.
GROWING = (
    "<div style='columns:2'><p>a" * 60,
    "<div style='column-width:9px;height:50%'><p>a" * 60,
    "".join(f"<div style='writing-mode:{('vertical-rl', 'horizontal-tb')[at % 2]}'>a" for at in range(150)),
    "<div style='display:flex;flex-direction:column;height:100%;flex:1'>" * 150 + "a",
    "<div style='display:flex;flex-wrap:wrap;width:fit-content;max-width:90%'>" * 150 + "a",
    "<div style='display:grid;grid-template-rows:1fr auto;height:100%'><p>a</p>" * 150,
    "<table style='height:100%;width:100%'><tr style='height:50%'><td style='height:100%'>a" * 120,
    "<div style='float:left;width:max-content;min-width:min-content'>a" * 150,
    "<fieldset style='display:grid;width:min-content'>" * 150 + "a",
    "<div style='container-type:size;aspect-ratio:2;height:90%'>a" * 150,
    "<div style='display:grid'><p style='grid-column:9999999;grid-row:9999999'>a</p></div>" * 20,
    "<div style='display:grid;width:1e7px;grid-template-columns:repeat(auto-fill,1px)'>a</div>" * 20,
    "<div style='display:grid;grid-template:repeat(9999,1fr)/repeat(9999,1fr)'>" + "<p>a</p>" * 900 + "</div>",
    "<div style='display:grid;grid-auto-flow:dense'>" + "<p style='grid-column:span 9999'>a</p>" * 2_000,
    "<table>" + "<col span=1000>" * 9_000 + "<tr><td>a</table>",
    "<table style='border-collapse:collapse' border=1>" + "<tr><td rowspan=9999 colspan=90>a" * 900 + "</table>",
    "<p style='columns:1px;height:9px'>" + "a " * 60_000 + "</p>",
    "<div style='background:repeating-linear-gradient(red 0 .01px,blue 0 .02px);height:1e6px'>a</div>" * 20,
    "<p style='font-size:99999px;text-shadow:" + "0 0 999px red," * 90 + "0 0 1px red'>aaaa</p>" * 20,
    "<p style='transform:scale(99999);filter:blur(999px) drop-shadow(0 0 999px red);mix-blend-mode:hue'>a</p>" * 90,
    "<style>" + "".join(f"p:has(~ b.c{at}) ~ p{{color:red}}" for at in range(3_000)) + "</style>" + "<p>a</p>" * 3_000,
    "<style>" + "".join(f"p:nth-last-child({at}n+1 of p:not(.c{at})){{color:red}}" for at in range(900)) + "</style>"
    + "<p>a</p>" * 3_000,
    "<style>" + "p ~ " * 300 + "b{color:red}</style>" + "<p>a</p>" * 4_000 + "<b>b</b>" * 900,
    "<style>" + "".join(f"p + p ~ i > p ~ u b ~ .c{at}, * ~ * * ~ * ~ * .c{at} ~ *{{color:red}}" for at in range(900))
    + "</style>" + "<p>a</p>" * 3_000,
    "<style>:is(" + ",".join(f"p.c{at}" for at in range(50_000)) + "){color:red}</style>" + "<p>a</p>" * 6_000,
    "<style>" + "".join(f"[class*=c{at}]{{color:red}}" for at in range(20_000)) + "</style>" + "<p class=abc>a</p>" * 6_000,
    "<style>" + "".join(f"p::first-letter,p:nth-child({at}){{float:left}}" for at in range(9_000)) + "</style>"
    + "<p>a</p>" * 3_000,
    "<style>" + "".join(f"div > div div > div div > div div > div .c{at}:empty{{color:red}}" for at in range(200)) + "</style>"
    + "<div>" * 150 + "".join(f"<b class=c{at}>a</b>" for at in range(200)),
    "<table style='border-collapse:collapse' border=1><tr>" + "<td>" * 4_900 + "<tr>" * 4_900 + "</table>",
    "<div style='overflow:auto;height:90%;max-height:999px;border:1px solid'>a" * 150,
    "<div style='overflow:auto;display:flex;width:fit-content;height:100%;resize:both'><p style='width:101%'>a" * 75,
    ("<div style='display:flex;flex:1 1 auto'><div style='display:grid;grid-template-columns:auto 1fr'><table style='height:100%'>"
     "<tr><td style='width:1%'><div style='writing-mode:vertical-rl;width:min-content;height:50%'>a") * 30,
    "<div style='position:absolute;inset:0;width:min-content;height:max-content'>a" * 150,
    "<div style='float:left;shape-outside:polygon(" + ",".join(f"{at}px {at * 7 % 99}px" for at in range(3_000)) + ");width:9px;height:9px'>a</div>" * 9,
    "<style>p{position:absolute;anchor-name:--a;position-anchor:--a;position-area:top;position-try-fallbacks:flip-block,flip-inline,flip-start}</style>" + "<p>a</p>" * 3_000,
    "<div>" * 130_000,
    "<div></i>" * 70_000 + "a",
    "".join(f"<b id={at}>" for at in range(50_000)) + "<p>a</p>" * 900,
    "<div><object><b></div>" * 30_000 + "a",
    "<p " + "".join(f"a{at}=b " for at in range(80_000)) + ">a</p>",
    ("<p " + "".join(f"a{at}=b " for at in range(900)) + ">a</p>") * 90,
    "<style>" + "".join(f"p.c{at}:hover{{color:red;background:url(http://%H%/{at})}}" for at in range(7_000)) + "</style>" + "<p>a</p>" * 900,
    "<p style='" + "background-image:url(http://%H%/a);" * 9_000 + "'>a</p>",
    "<p style='color:red;margin:1px;padding:2px;border:1px solid red;font:12px serif'>a</p>" * 6_000,
    "<font color=red face=serif size=2>" * 900 + "a",
    "<ruby>a<rt>b" * 150,
    "<p style='text-wrap:pretty;hyphens:auto;text-align:justify' lang=fr>" + "anticonstitutionnellement " * 12_000,
    f"<img src='{blank_picture(30_000)}'><p style='background:url({blank_picture(29_000)})'>a</p>",
)  # fmt: skip


def all_heavy() -> Iterator[Case]:
    """Every message that would freeze the page."""
    yield from (Case("lourdeurs", After.COVER, html, False) for html in (*HEAVY, *GROWING))
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
    for count, html in ((1_500, "<p>a</p>"), (60, "<span>a</span>" * 9_000)):
        part = f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{folded_lines(html)}\r\n"
        raw = whole('multipart/mixed; boundary="b"', part * count + "--b--\r\n")
        yield Case("lourdeurs", After.COVER, "", False, raw=raw)


def folded_lines(html: str) -> str:
    """HTML with a line end before each box."""
    return html.replace("<", "\r\n<").lstrip()


def _quoted(text: str, length: int) -> Iterator[str]:
    for at in range(0, len(text), length):
        piece = text[at : at + length].encode()
        yield "".join(chr(byte) if 32 < byte < 127 and byte != 61 else f"={byte:02X}" for byte in piece)
