"""The journal as a signed file, for the DPO, an auditor or a judge; and whether such a file is whole.

A zip of three files: `entries.jsonl` (an entry a line, with its facts where they weren't erased),
`batches.jsonl` (the seals of the batches that the entries stand in), `manifest.json` (what was asked, by
whom, the digests of the other two), and `manifest.sig`: the manifest's Ed25519 signature (RFC 8032). An
export that is kept elsewhere can show later that the journal it came from was written anew (`against`).
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from casier.audit.actors import Actor
from casier.audit.journal import canonical, payload_digest
from casier.audit.models import JournalBatch, JournalEntry
from casier.audit.searching import Query, chosen
from casier.kernel.errors import CasierError

FORMAT = "casier-journal-1"
ENTRIES, BATCHES, MANIFEST, SIGNATURE = "entries.jsonl", "batches.jsonl", "manifest.json", "manifest.sig"
_CHUNK = 2000
# What a file may hold before it is taken for something else (bytes, uncompressed).
_LARGEST = 20_000_000_000


class NotAnExport(CasierError):
    """Not a file that `export` wrote."""

    code = "not_an_export"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    path: Path
    entries: int
    key: str  # the public key, in base64: to be told apart from the file
    digest: str  # SHA-256 of the manifest


def export(path: Path, query: Query, *, by: Actor, reason: str, now: datetime, key: bytes) -> Exported:
    """Write what QUERY means to PATH, signed with KEY (32 bytes). The caller records that it was done."""
    signer = Ed25519PrivateKey.from_private_bytes(key)
    public = _public(signer.public_key())
    batches: set[int] = set()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        entries = _write(archive, ENTRIES, _entries(query, batches))
        seals = _write(archive, BATCHES, _batches(batches))
        manifest = canonical(
            {
                "format": FORMAT,
                "at": now.astimezone(UTC).isoformat(timespec="seconds"),
                "by": by.name,
                "reason": reason,
                "query": _plain(query),
                "entries": entries.count,
                "digests": {ENTRIES: entries.digest, BATCHES: seals.digest},
                "key": public,
            }
        ).encode()
        archive.writestr(MANIFEST, manifest)
        archive.writestr(SIGNATURE, base64.b64encode(signer.sign(manifest)))
    return Exported(path, entries.count, public, hashlib.sha256(manifest).hexdigest())


def public_key(key: bytes) -> str:
    """The public half of KEY, in base64."""
    return _public(Ed25519PrivateKey.from_private_bytes(key).public_key())


def check(path: Path, key: str = "") -> Iterator[str]:
    """What is wrong with the export at PATH; nothing when all is well. Raises NotAnExport.

    KEY: the public key that it must be signed with, as whoever gave the file told it; "": the one it names.
    """
    with _opened(path) as archive:
        raw = archive.read(MANIFEST)
        manifest = _manifest(raw)
        if key and key != manifest["key"]:
            yield "is signed with another key than the one given"
        if not _signed(raw, archive.read(SIGNATURE), str(manifest["key"])):
            yield "is not signed by the key that it names"
        changed = [name for name, digest in manifest["digests"].items() if _digest(archive, name) != digest]
        yield from (f"{name} was changed after it was signed" for name in changed)
        if ENTRIES not in changed:
            yield from _changed_facts(archive)


def against(path: Path) -> Iterator[str]:
    """Where this journal isn't the one that the export at PATH was taken from. Raises NotAnExport."""
    with _opened(path) as archive:
        for sealed in _lines(archive, BATCHES):
            here = JournalBatch.objects.filter(number=sealed["number"]).first()
            if here is None:
                yield f"batch {sealed['number']} is gone"
            elif here.digest != sealed["digest"]:
                yield f"batch {sealed['number']} was sealed anew after the export"


def _changed_facts(archive: zipfile.ZipFile) -> Iterator[str]:
    """Facts that weren't any more what was recorded when the export was made."""
    for entry in _lines(archive, ENTRIES):
        facts = entry["facts"]
        if facts is not None and payload_digest(str(entry["salt"]), facts) != entry["payload_digest"]:
            yield f"entry {entry['id']} has facts that were changed"


@dataclass(slots=True)
class _Written:
    count: int = 0
    digest: str = ""


def _write(archive: zipfile.ZipFile, name: str, values: Iterable[dict[str, Any]]) -> _Written:
    written, digest = _Written(), hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as file:
        for value in values:
            line = f"{canonical(value)}\n".encode()
            digest.update(line)
            file.write(line)
            written.count += 1
    written.digest = digest.hexdigest()
    return written


def _entries(query: Query, batches: set[int]) -> Iterator[dict[str, Any]]:
    rows = chosen(query).select_related("payload").order_by("pk")
    for entry in rows.iterator(chunk_size=_CHUNK):
        if entry.batch_id is not None:
            batches.add(entry.batch_id)
        yield _entry(entry)


def _entry(entry: JournalEntry) -> dict[str, Any]:
    payload = getattr(entry, "payload", None)
    return {
        "id": entry.pk,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "origin": entry.origin,
        "action": entry.action,
        "target": entry.target,
        "academy": entry.academy,
        "reason": entry.reason,
        "payload_digest": entry.payload_digest,
        "salt": payload.salt if payload else None,
        "facts": payload.facts if payload else None,
        "batch": entry.batch_id,
    }


def _batches(numbers: set[int]) -> Iterator[dict[str, Any]]:
    wanted = sorted(numbers)
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        for batch in JournalBatch.objects.filter(number__in=some).order_by("number"):
            yield {
                "number": batch.number,
                "sealed_at": batch.sealed_at.astimezone(UTC).isoformat(timespec="seconds"),
                "count": batch.count,
                "previous": batch.previous,
                "digest": batch.digest,
            }


def _plain(query: Query) -> dict[str, Any]:
    return {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(query).items()
        if value
    }


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise NotAnExport(f"{path.name} is not an export of the journal.", file=path.name) from error
    sizes = {info.filename: info.file_size for info in archive.infolist()}
    if set(sizes) != {ENTRIES, BATCHES, MANIFEST, SIGNATURE} or sum(sizes.values()) > _LARGEST:
        archive.close()
        raise NotAnExport(f"{path.name} is not an export of the journal.", file=path.name)
    return archive


def _manifest(raw: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(raw)
        right = manifest["format"] == FORMAT and set(manifest["digests"]) == {ENTRIES, BATCHES}
        right = right and isinstance(manifest["key"], str)
    except (ValueError, KeyError, TypeError):
        right = False
    if not right:
        raise NotAnExport("The manifest is not one of ours.")
    return dict(manifest)


def _signed(raw: bytes, signature: bytes, key: str) -> bool:
    try:
        verifier = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        verifier.verify(base64.b64decode(signature, validate=True), raw)
    except (InvalidSignature, ValueError):
        return False
    return True


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as file:
        return _digest_of(file)


def _digest_of(file: IO[bytes]) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[dict[str, Any]]:
    with archive.open(name) as file:
        for line in file:
            yield json.loads(line)


def _public(key: Ed25519PublicKey) -> str:
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
