"""Signing keys: made once, published as DNS wants them."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_der_public_key

from casier.engines.rspamd import dkim


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(dkim.shutil, "chown", lambda *_: None)
    dkim.ensure_keys(tmp_path, ("ac-un.test",))
    return tmp_path


def test_a_key_is_made_once(folder: Path) -> None:
    before = (folder / "ac-un.test.key").read_bytes()
    dkim.ensure_keys(folder, ("ac-deux.test", "ac-un.test"))
    assert (folder / "ac-un.test.key").read_bytes() == before
    assert (folder / "ac-deux.test.key").read_bytes() != before
    assert (folder / "ac-un.test.key").stat().st_mode & 0o777 == 0o640
    assert not list(folder.glob("*.new"))


def test_the_record_for_the_zone(folder: Path) -> None:
    record = dkim.dns_record(folder, "ac-un.test", "casier")
    assert record.name == "casier._domainkey.ac-un.test"
    assert record.value.startswith("v=DKIM1; k=rsa; p=")
    load_der_public_key(base64.b64decode(record.value.partition("p=")[2]))
    pieces = str(record).partition(" IN TXT ")[2].split('" "')
    assert len(pieces) == 2
    assert all(len(piece.strip('"')) <= 255 for piece in pieces)
    assert "".join(piece.strip('"') for piece in pieces) == record.value
