"""Whether a document asks for a password, so that a person is told at once and does not wait for nothing.

LibreOffice would say nothing but that it can't. Nothing is unpacked here but one small file of a container.
"""

from __future__ import annotations

import struct
import zipfile

from casier.kernel.zips import DAMAGED

COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_SECTOR = 512
_MANIFEST = "META-INF/manifest.xml"
_MANIFEST_BYTES = 1_000_000
# Names in the directory of a compound file (MS-CFB §2.6): encrypted OOXML (MS-OFFCRYPTO §1.3), slides.
_NAMES = tuple(name.encode("utf-16-le") for name in ("EncryptedPackage", "EncryptedSummary"))
# The user of an encrypted presentation (MS-PPT §2.3.2, headerToken).
_SLIDES = bytes.fromhex("dfc4d1f3")
# The head of a text document (MS-DOC §2.5.2): its mark, and among its flags "encrypted".
_TEXT, _TEXT_FLAG, _TEXT_FLAGS_AT = b"\xec\xa5", 0x0100, 10
# The beginning of a workbook, and the record about its password (MS-XLS §2.4.21, §2.4.117).
_BEGINNING, _PASSWORD, _RECORDS = 0x0809, 0x002F, 8


def is_locked(content: bytes) -> bool:
    """Whether CONTENT, a compound file of any office suite, can only be opened with a password."""
    if not content.startswith(COMPOUND):
        return False
    if any(name in content for name in _NAMES) or _SLIDES in content:
        return True
    sectors = range(_SECTOR, len(content) - _SECTOR + 1, _SECTOR)
    return any(_text_is_locked(content, at) or _workbook_is_locked(content, at) for at in sectors)


def _text_is_locked(content: bytes, at: int) -> bool:
    if not content.startswith(_TEXT, at):
        return False
    (flags,) = struct.unpack_from("<H", content, at + _TEXT_FLAGS_AT)
    return bool(flags & _TEXT_FLAG)


def _workbook_is_locked(content: bytes, at: int) -> bool:
    """The record of the password is one of the first of a workbook."""
    kind, size = struct.unpack_from("<HH", content, at)
    if kind != _BEGINNING or size not in {8, 16}:
        return False
    for _ in range(_RECORDS):
        at += 4 + size
        if at + 4 > len(content):
            return False
        kind, size = struct.unpack_from("<HH", content, at)
        if kind == _PASSWORD:
            return True
    return False


def container_is_locked(archive: zipfile.ZipFile) -> bool:
    """Whether an OpenDocument container says that its parts are encrypted (OpenDocument 1.3, part 2 §4.4)."""
    try:
        about = archive.getinfo(_MANIFEST)
        if about.file_size > _MANIFEST_BYTES:
            return False
        return b"encryption-data" in archive.read(about)
    except (KeyError, *DAMAGED):
        return False
