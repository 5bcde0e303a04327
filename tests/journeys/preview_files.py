"""Files that people attach, made here: ordinary ones of every kind that is previewed, and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from email.message import EmailMessage

ALARM = "top.atteint = 1; parent.atteint = 1; window.atteint = 1"


def pdf(pages: int = 3, script: str = "") -> bytes:
    """A PDF of PAGES; SCRIPT runs when it is opened, by a reader that runs scripts."""
    kids = " ".join(f"{5 + 2 * at} 0 R" for at in range(pages))
    action = "/OpenAction 4 0 R" if script else ""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {action} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /S /JavaScript /JS ({script}) >>",
    ]
    for number in range(1, pages + 1):
        content = f"BT /F1 24 Tf 72 760 Td (Page {number} du compte rendu) Tj ET"
        resources = "<< /Font << /F1 3 0 R >> >>"
        place = 4 + 2 * number
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources {resources} /Contents {place} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return pdf_of(objects)


def pdf_of(objects: list[str]) -> bytes:
    """A file of OBJECTS, which bear numbers from 1 on; the first is the catalogue."""
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, text in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1"))
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.writelines(f"{place:010} 00000 n \n".encode() for place in places)
    out.write(f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def png(width: int, height: int, *, claimed: tuple[int, int] | None = None) -> bytes:
    """A picture in one colour; CLAIMED is the size that its head tells."""
    told = claimed or (width, height)
    rows = b"".join(b"\0" + bytes((27, 94, 87)) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", *told, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


SVG = f"""<svg xmlns="http://www.w3.org/2000/svg" width="200" height="120" onload="{ALARM}">
<script>{ALARM}; fetch("https://piege.example/svg")</script>
<image href="https://piege.example/image.png" width="9" height="9"/>
<foreignObject width="90" height="90">
<iframe xmlns="http://www.w3.org/1999/xhtml" srcdoc="&lt;script&gt;{ALARM}&lt;/script&gt;"/></foreignObject>
<rect width="200" height="120" fill="#1b5e57"/></svg>""".encode()

PAGE = f"""<!doctype html><html><body onload="{ALARM}"><h1>Bilan du trimestre</h1><script>{ALARM}</script>
<img src="x" onerror="{ALARM}"><iframe src="javascript:{ALARM}"></iframe><img src="https://piege.example/page.png">
<a href="javascript:{ALARM}">Un lien</a></body></html>""".encode()

XML = f"""<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="https://piege.example/style.xsl"?>
<!DOCTYPE a [<!ENTITY b SYSTEM "https://piege.example/entite">]>
<a>&b;<script xmlns="http://www.w3.org/1999/xhtml">{ALARM}</script></a>""".encode()

CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Essai//FR\r
METHOD:REQUEST\r
BEGIN:VEVENT\r
UID:essai@exemple.fr\r
DTSTAMP:20261120T080000Z\r
DTSTART:20261126T160000Z\r
DTEND:20261126T173000Z\r
SUMMARY:Conseil de classe de 3e C\r
LOCATION:Salle du conseil\r
DESCRIPTION:Apportez les bulletins.\\nLien : https://exemple.fr/visio\r
ORGANIZER;CN=Jeanne Marchand:mailto:jeanne.marchand@exemple.fr\r
ATTENDEE;CN=Claire Lefèvre;PARTSTAT=NEEDS-ACTION:mailto:claire.lefevre@ac-normandie.fr\r
RRULE:FREQ=WEEKLY;COUNT=3\r
END:VEVENT\r
END:VCALENDAR\r
""".encode()

CARD = """BEGIN:VCARD\r
VERSION:3.0\r
N:Marchand;Jeanne;;;\r
FN:Jeanne Marchand\r
ORG:Lycée Jeanne-d’Arc;Vie scolaire\r
TITLE:Conseillère principale d’éducation\r
EMAIL;TYPE=WORK:jeanne.marchand@exemple.fr\r
TEL;TYPE=CELL:+33 6 12 34 56 78\r
END:VCARD\r
""".encode()

TABLE = 'Nom;Prénom;Moyenne\nMartin;Léa;14,5\n"Petit; dit Jean";Hugo;12\n'.encode("cp1252")
PROGRAM = b'def moyenne(notes):\n    """<script>alert(1)</script>"""\n    return sum(notes) / len(notes)\n'


MARKUP = f"<img src=x onerror='{ALARM}'><script>{ALARM}</script>"
AWAY = "javascript:top.atteint=1"
HOSTILE_TABLE = f'Nom;Lien\n"{MARKUP}";=HYPERLINK("{AWAY}")\n'.encode()
HOSTILE_TEXT = f"{MARKUP}\n{AWAY} https://piege.example/texte\n".encode()
HOSTILE_CODE = f'{{"a": "{MARKUP}", "b": "</pre></code>{MARKUP}"}}'.encode()
HOSTILE_CALENDAR = f"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Essai//FR\r
BEGIN:VEVENT\r
UID:piege@exemple.fr\r
DTSTART:20261126T160000Z\r
SUMMARY:{MARKUP}\r
LOCATION:{AWAY}\r
URL:{AWAY}\r
DESCRIPTION:{MARKUP}\r
X-ALT-DESC;FMTTYPE=text/html:{MARKUP}\r
ATTACH:https://piege.example/agenda\r
ORGANIZER;CN="{MARKUP.replace('"', "")}":{AWAY}\r
END:VEVENT\r
END:VCALENDAR\r
""".encode()
HOSTILE_CARD = f"""BEGIN:VCARD\r
VERSION:3.0\r
N:{MARKUP};;;;\r
FN:{MARKUP}\r
URL:{AWAY}\r
PHOTO;VALUE=URI:https://piege.example/photo.png\r
LOGO;VALUE=URI:{AWAY}\r
NOTE:{MARKUP}\r
EMAIL:a@exemple.fr?{MARKUP}\r
END:VCARD\r
""".encode()


def hostile_archive() -> bytes:
    """A zip with names and a comment of markup."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{MARKUP}.txt", "x")
        archive.writestr("'\"><svg onload=top.atteint=1>/a.html", PAGE)
        archive.comment = MARKUP.encode()
    return out.getvalue()


def hostile_message() -> bytes:
    """A message as a file, whose every part would run."""
    message = EmailMessage()
    message["From"] = f'"{MARKUP}" <a@exemple.fr>'.replace("'", "")
    message["To"] = "claire.lefevre@ac-normandie.fr"
    message["Subject"] = MARKUP
    message.set_content(MARKUP)
    message.add_alternative(PAGE.decode(), subtype="html")
    message.add_attachment(PAGE, "text", "html", filename=f"{MARKUP}.html")
    return message.as_bytes()


def archive() -> bytes:
    """A zip with names that would trick: out of its folder, written backwards."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Sorties/autorisation Élodie.txt", "Bonjour" * 500)
        archive.writestr("../../etc/passwd", "x")
        archive.writestr("facture\u202efdp.exe", "x")
    return out.getvalue()


def inside() -> EmailMessage:
    """A message within the message, with a file of its own."""
    message = EmailMessage()
    message["From"] = "Paul Roux <paul.roux@exemple.fr>"
    message["To"] = "claire.lefevre@ac-normandie.fr"
    message["Subject"] = "Message transféré comme fichier"
    message["Date"] = "Mon, 16 Nov 2026 09:30:00 +0100"
    message.set_content("Texte du message intérieur.")
    message.add_alternative(
        f"<p>Texte du <b>message intérieur</b>.</p><script>{ALARM}</script><img src=x onerror='{ALARM}'>",
        subtype="html",
    )
    message.add_attachment(b"Note au fond.\n", "text", "plain", filename="note.txt")
    return message


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def docx(text: str = "Compte rendu du conseil pédagogique", *, picture: str = "", padding: int = 0) -> bytes:
    """A Word document; PICTURE is an address that it has linked, PADDING bytes of zeros lie in it."""
    shape = '<v:shape style="width:90pt;height:90pt"><v:imagedata r:link="rId9"/></v:shape>'
    drawn = f"<w:p><w:r><w:pict>{shape}</w:pict></w:r></w:p>"
    body = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" + (drawn if picture else "")
    spaces = f'xmlns:w="{_WORD}" xmlns:r="{_OFFICE}" xmlns:v="urn:schemas-microsoft-com:vml"'
    linked = f'<Relationship Id="rId9" Type="{_OFFICE}/image" Target="{picture}" TargetMode="External"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_TYPES}"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_WORD_TYPE}.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_LINKS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{_LINKS}">{linked if picture else ""}</Relationships>',
        )
        archive.writestr("word/document.xml", f"<w:document {spaces}><w:body>{body}</w:body></w:document>")
        if padding:
            with archive.open("word/media.bin", "w", force_zip64=True) as member:
                for _ in range(padding >> 20):
                    member.write(bytes(1 << 20))
    return out.getvalue()
