"""Which documents are converted. A closed table: neither a name nor a type of a mail reaches LibreOffice."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Literal

from casier.engines.office.locked import COMPOUND as _COMPOUND
from casier.engines.office.locked import container_is_locked, is_locked
from casier.kernel.zips import DAMAGED

_ZIP, _RICH = b"PK\x03\x04", b"{\\rtf"
Family = Literal["writer", "calc", "impress"]

# What a container may unpack to: a hand-in with a hundred photographs has 300 MB.
UNPACKED_BYTES = 600_000_000
# More than any text holds; only such a container is read through to see whether it is whole.
HEAVY_BYTES = 40_000_000
MEMBERS = 20_000


@dataclass(frozen=True, slots=True)
class Kind:
    """One format: the ending that LibreOffice sees, who opens it, how its files begin, how mail names it."""

    ending: str
    family: Family
    magic: bytes
    types: tuple[str, ...]


_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
KINDS: dict[str, Kind] = {
    kind.ending: kind
    for kind in (
        Kind("docx", "writer", _ZIP, (f"{_OOXML}wordprocessingml.document",)),
        Kind("dotx", "writer", _ZIP, (f"{_OOXML}wordprocessingml.template",)),
        Kind("docm", "writer", _ZIP, ("application/vnd.ms-word.document.macroenabled.12",)),
        Kind("xlsx", "calc", _ZIP, (f"{_OOXML}spreadsheetml.sheet",)),
        Kind("xlsm", "calc", _ZIP, ("application/vnd.ms-excel.sheet.macroenabled.12",)),
        Kind("pptx", "impress", _ZIP, (f"{_OOXML}presentationml.presentation",)),
        Kind("ppsx", "impress", _ZIP, (f"{_OOXML}presentationml.slideshow",)),
        Kind("odt", "writer", _ZIP, (f"{_ODF}text",)),
        Kind("ott", "writer", _ZIP, (f"{_ODF}text-template",)),
        Kind("ods", "calc", _ZIP, (f"{_ODF}spreadsheet",)),
        Kind("odp", "impress", _ZIP, (f"{_ODF}presentation",)),
        Kind("doc", "writer", _COMPOUND, ("application/msword",)),
        Kind("xls", "calc", _COMPOUND, ("application/vnd.ms-excel",)),
        Kind("ppt", "impress", _COMPOUND, ("application/vnd.ms-powerpoint",)),
        Kind("pps", "impress", _COMPOUND, ()),
        Kind("rtf", "writer", _RICH, ("application/rtf", "text/rtf")),
    )
}
_BY_TYPE = {name: kind for kind in KINDS.values() for name in kind.types}


def kind_of(name: str, media_type: str) -> Kind | None:
    """What a file called NAME, said to be of MEDIA_TYPE, is taken for; None where it is no document."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return KINDS.get(ending) or _BY_TYPE.get(media_type.partition(";")[0].strip().lower())


def refusal(kind: Kind, content: bytes) -> str:
    """Why CONTENT isn't converted, as a code; empty where it may be. Reads a container's directory alone."""
    if not content.startswith(kind.magic):
        # A document of today with a password is a compound file, whatever its ending.
        return "encrypted" if is_locked(content) else "not_a_document"
    return _container_refusal(content) if kind.magic == _ZIP else ""


def _container_refusal(content: bytes) -> str:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except DAMAGED:
        return "damaged"
    members = archive.infolist()
    if any(member.flag_bits & 1 for member in members) or container_is_locked(archive):
        return "encrypted"
    if len(members) > MEMBERS or sum(member.file_size for member in members) > UNPACKED_BYTES:
        return "too_large"
    return ""


def is_whole_and_heavy(content: bytes) -> bool:
    """Whether CONTENT is a container without a fault that unpacks to more than a text of any size."""
    if not content.startswith(_ZIP):
        return False
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        unpacked = sum(member.file_size for member in archive.infolist())
        return HEAVY_BYTES < unpacked <= UNPACKED_BYTES and archive.testzip() is None
    except DAMAGED:
        return False
