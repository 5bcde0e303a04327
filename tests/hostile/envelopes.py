"""Families whose point is the message itself: charsets, parts, encodings, headers, plain text."""

# Payloads and scripts of a page are kept whole.
# ruff: noqa: E501
from __future__ import annotations

import quopri
from collections.abc import Iterator

from hostile.case import After, Case

SCRIPT = "<script>%JS%</script><img src=x onerror=%JS%>"
PICTURE = "<img src=%U%/a.png><p style='background:url(%U%/b.png)'>a</p>"


def whole(
    content_type: str, body: str, *headers: str, encoding: str = "8bit", subject: str = "Cas %ID%"
) -> bytes:
    """A message written by hand: MARKS in it are filled later, so it's kept as latin-1 text."""
    lines = [
        "From: Une correspondante <correspondante@exemple.fr>",
        "To: claire.lefevre@ac-normandie.fr",
        f"Subject: {subject}",
        "Date: Sun, 22 Nov 2026 06:00:00 +0000",
        "MIME-Version: 1.0",
        *headers,
        f"Content-Type: {content_type}",
        f"Content-Transfer-Encoding: {encoding}",
        "",
        body,
    ]
    return "\r\n".join(lines).encode("latin-1", "replace")


def utf7(text: str) -> str:
    """TEXT in UTF-7 with its signs hidden."""
    return text.replace("<", "+ADw-").replace(">", "+AD4-").replace('"', "+ACI-")


def charsets() -> Iterator[Case]:
    for html in (SCRIPT, PICTURE):
        after = After.RUN if html is SCRIPT else After.FETCH
        for charset in ("utf-7", "UTF-7", "x-utf-7", "unicode-1-1-utf-7"):
            yield Case(
                "jeux de caractères",
                after,
                utf7(html),
                False,
                raw=whole(f"text/html; charset={charset}", utf7(html)),
            )
        for charset in (
            "iso-2022-jp",
            "iso-2022-kr",
            "hz-gb-2312",
            "gb18030",
            "shift_jis",
            "x-mac-roman",
            "x-user-defined",
        ):
            for escape in ("\x1b(J", "\x1b$B", "~{", ""):
                body = f"<p title='{escape}'>{html}</p>"
                raw = whole(f"text/html; charset={charset}", body)
                yield Case("jeux de caractères", after, body, escape == "", raw=raw)
        for charset in (
            "none",
            "",
            "utf-8; charset=utf-7",
            "../../etc",
            "us-ascii\x00",
            "utf-16",
            "utf-32be",
            "ibm037",
            "cp875",
        ):
            yield Case("jeux de caractères", after, html, raw=whole(f"text/html; charset={charset}", html))
        for start in ("\xef\xbb\xbf", "\xff\xfe", "\xfe\xff", "+/v8-", "\x00", "\x0c"):
            yield Case("jeux de caractères", after, html, raw=whole("text/html; charset=utf-8", start + html))
        overlong = html.replace("<", "\xc0\xbc").replace(">", "\xc0\xbe")
        yield Case("jeux de caractères", after, html, raw=whole("text/html; charset=utf-8", overlong))
        shifted = "".join(chr(ord(sign) | 0x80) if sign in "<>" else sign for sign in html)
        yield Case("jeux de caractères", after, html, raw=whole("text/html; charset=us-ascii", shifted))
        meta = f"<meta charset=utf-7><meta http-equiv=content-type content='text/html;charset=utf-7'>{utf7(html)}"
        yield Case("jeux de caractères", after, meta, False, raw=whole("text/html; charset=utf-8", meta))
    for halves in ("utf-16le", "utf-16be"):
        # Filled before it is encoded: marks can't be found in two-byte text.
        yield Case("jeux de caractères", After.RUN, SCRIPT, raw=whole(f"text/html; charset={halves}", SCRIPT))


def encodings() -> Iterator[Case]:
    for html, after in ((SCRIPT, After.RUN), (PICTURE, After.FETCH)):
        quoted = quopri.encodestring(html.encode()).decode()
        spread = html.replace("script", "scr=\r\nipt").replace("img", "i=\r\nmg")
        for body, encoding in (
            (quoted, "quoted-printable"),
            (quoted.lower(), "quoted-printable"),
            (spread, "quoted-printable"),
            (html.replace("<", "=3C").replace(">", "=3e"), "Quoted-Printable"),
            (html.replace("<", "=\r\n=3C"), "QUOTED-PRINTABLE"),
            (html, "binary"),
            (html, "8bit\r\nContent-Transfer-Encoding: base64"),
            (html, "7bit (comment)"),
            (html, "uuencode"),
            (html, "x-inconnu"),
        ):
            yield Case(
                "encodages", after, html, raw=whole("text/html; charset=utf-8", body, encoding=encoding)
            )


def multipart(parts: list[tuple[str, str]], kind: str = "alternative", boundary: str = "limite") -> bytes:
    """A message of PARTS (type with headers, body)."""
    inside = "".join(f"--{boundary}\r\nContent-Type: {head}\r\n\r\n{body}\r\n" for head, body in parts)
    return whole(f'multipart/{kind}; boundary="{boundary}"', f"{inside}--{boundary}--\r\n")


def parts() -> Iterator[Case]:
    svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='%JS%'><image href='%U%/a.png'/></svg>"
    inline = "\r\nContent-ID: <x@y>\r\nContent-Disposition: inline"
    for html, after in ((SCRIPT, After.RUN), (PICTURE, After.FETCH)):
        for kind in (
            "mixed",
            "related",
            "alternative",
            "digest",
            "report",
            "signed",
            "x-inconnu",
            "form-data",
            "parallel",
        ):
            raw = multipart([("text/html; charset=utf-8", html), ("text/html", html)], kind)
            yield Case("parties", after, html, raw=raw)
        for label in (
            "text/html",
            "TEXT/HTML",
            "text/x-html",
            "text/enriched",
            "text/richtext",
            "application/xhtml+xml",
            "text/xml",
            "image/svg+xml",
            "text/plain",
            "text/html ;x",
            "text",
            "",
            "application/x-amp",
            "text/x-amp-html",
            "text/watch-html",
            "application/xml",
            "text/javascript",
            "text/css",
            "text/calendar",
            "text/vcard",
        ):
            yield Case("parties", after, html, raw=whole(label, html))
        wrapped = whole("text/html", html).decode("latin-1")
        yield Case("parties", after, html, raw=whole("message/rfc822", wrapped))
        yield Case("parties", after, html, raw=multipart([("message/rfc822", wrapped)], "mixed"))
        nested = multipart([("text/html", html)], "related", "b").decode("latin-1").split("\r\n\r\n", 1)[1]
        yield Case(
            "parties", after, html, raw=multipart([('multipart/related; boundary="b"', nested)], "mixed")
        )
        yield Case("parties", after, html, raw=multipart([("text/html", html)], boundary="<img src=x>"))
        yield Case(
            "parties", after, html, raw=multipart([("text/plain", "a"), (f"text/html; name='{html}'", html)])
        )
    for kind, body in (
        ("image/svg+xml", svg),
        ("text/html", SCRIPT),
        ("text/css", "p{background:url(%U%/a.png)}"),
        ("image/png", SCRIPT),
    ):
        for use in (
            "<img src='cid:x@y'>",
            "<iframe src='cid:x@y'></iframe>",
            "<object data='cid:x@y'></object>",
            "<p style='background:url(cid:x@y)'>a</p>",
            "<link rel=stylesheet href='cid:x@y'>",
            "<svg><use href='cid:x@y#a'/></svg>",
            "<a href='cid:x@y'>a</a>",
        ):
            raw = multipart([("text/html", f"{use}{SCRIPT}"), (kind + inline, body)], "related")
            yield Case("pièces appelées", After.RUN, f"{use}{SCRIPT}", raw=raw)
    located = "\r\nContent-Location: %U%/a.png"
    yield Case(
        "pièces appelées",
        After.FETCH,
        PICTURE,
        raw=multipart([("text/html" + located, PICTURE), ("image/png" + located, "x")], "related"),
    )
    yield Case(
        "pièces appelées",
        After.FETCH,
        PICTURE,
        raw=whole(
            'message/external-body; access-type=URL; URL="%U%/a"', "Content-Type: text/html\r\n\r\n" + PICTURE
        ),
    )


HEADER_TRICKS = (
    "<img src=x onerror=%JS%>",
    "<script>%JS%</script>",
    '"><svg onload=%JS%>',
    "=?utf-8?b?%JS64%?=",
    "=?utf-8?q?=3Cimg_src=3Dx_onerror=3D%JS%=3E?=",
    "=?utf-7?q?+ADw-script+AD4-?=",
    "=?utf-8?q?a=0D=0AX-Autre:_b=0D=0A=0D=0A<script>%JS%</script>?=",
    "{{constructor.constructor('%JS%')()}}",
    "${%JS%}",
    "javascript:%JS%",
    "=?utf-8?q?=E2=80=AE<script>%JS%</script>?=",
    "=?utf-8?q?" + "=CC=B4=CC=B7" * 60 + "?=",
    "=?utf-8?q?" + "=E2=80=AE=E2=81=A6" * 30 + "droite?=",
    "=?utf-8?q?" + "=EF=B7=BD" * 40 + "?=",
    "A" * 900,
)


def headers() -> Iterator[Case]:
    plain = "text/plain; charset=utf-8"
    for trick in HEADER_TRICKS:
        html = f"<p>{trick}</p>"
        control = trick.startswith(("<", '"'))
        yield Case(
            "en-têtes", After.RUN, html, control, raw=whole(plain, "Texte", subject=f"Cas %ID% {trick}")
        )
        for header in (
            "Reply-To",
            "Cc",
            "Sender",
            "List-Id",
            "Organization",
            "List-Unsubscribe",
            "X-Face",
            "Disposition-Notification-To",
        ):
            if header in {"Reply-To", "Cc", "Sender"}:
                value = (
                    f'"{trick}" <a@exemple.fr>'.replace('""', '"')
                    if "=?" not in trick
                    else f"{trick} <a@exemple.fr>"
                )
            else:
                value = trick
            yield Case("en-têtes", After.RUN, html, control, raw=whole(plain, "Texte", f"{header}: {value}"))
        message = whole(plain, "Texte").replace(b"Une correspondante", trick.encode("latin-1"), 1)
        yield Case("en-têtes", After.RUN, html, control, raw=message)
        disposition = f'Content-Disposition: attachment; filename="{trick}"'
        yield Case(
            "en-têtes",
            After.RUN,
            html,
            control,
            raw=whole(f'application/pdf; name="{trick}"', "x", disposition),
        )


TEXTS = (
    "javascript:%JS%",
    'http://%H%/"onmouseover=%JS%//',
    "http://%H%/<script>%JS%</script>",
    "http://%H%/'><img src=x onerror=%JS%>",
    'www.%H%/"onclick="%JS%',
    "<script>%JS%</script>",
    "<img src=%U%/a.png onerror=%JS%>",
    'a"onfocus=%JS%@exemple.fr',
    "mailto:a@exemple.fr?subject=<script>%JS%</script>",
    '<a href="javascript:%JS%">a</a>',
    "&lt;script&gt;%JS%&lt;/script&gt;",
    "data:text/html,<script>%JS%</script>",
    "http://%H%\u202egnp.exe",
    "http://user@%H%:81/",
    "> > > <svg onload=%JS%>",
    "-- \n<svg onload=%JS%>",
    "Le 1 janvier, a <a@b.fr> a écrit :\n> <svg onload=%JS%>",
    "\u2028<script>%JS%</script>",
    "begin 644 a.html\n#0V%T\n`\nend",
    "![image](%U%/a.png) [lien](javascript:%JS%)",
    "\x1b]8;;javascript:%JS%\x07a\x1b]8;;\x07",
    "a" * 20000,
    "\u0300" * 3000,
)


def texts() -> Iterator[Case]:
    for text in TEXTS:
        yield Case(
            "texte seul", After.RUN, f"<p>{text}</p>", text.startswith(("<s", "<i", "> > >")), text=text
        )


def all_envelopes() -> Iterator[Case]:
    """Every case whose point is the message itself."""
    for family in (charsets, encodings, parts, headers, texts):
        yield from family()
