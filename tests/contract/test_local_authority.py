"""The certificate as OpenSSL sees it."""

from __future__ import annotations

import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from casier.engines import tls

NAMES = ["rouen.localhost", "ac-rouen.fr", "imap.ac-rouen.fr"]


def test_openssl_trusts_it_for_every_name(tmp_path: Path) -> None:
    assert tls.ensure(tmp_path, NAMES)
    for name in [*NAMES, "localhost"]:
        command = [
            "openssl",
            "verify",
            "-x509_strict",
            "-CAfile",
            "ca.pem",
            "-verify_hostname",
            name,
            "cert.pem",
        ]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    refused = subprocess.run(
        ["openssl", "verify", "-CAfile", "ca.pem", "-verify_hostname", "ailleurs.fr", "cert.pem"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
    )
    assert refused.returncode != 0
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
        tmp_path / "cert.pem", tmp_path / "key.pem"
    )


def test_it_is_made_again_only_for_other_names_or_near_its_end(tmp_path: Path) -> None:
    now = datetime(2026, 9, 1, tzinfo=UTC)
    assert tls.ensure(tmp_path, NAMES, now)
    authority = (tmp_path / "ca.pem").read_bytes()
    assert not tls.ensure(tmp_path, NAMES, now)
    assert tls.ensure(tmp_path, [*NAMES, "smtp.ac-rouen.fr"], now)
    assert tls.ensure(tmp_path, [*NAMES, "smtp.ac-rouen.fr"], now + timedelta(days=300))
    assert (tmp_path / "ca.pem").read_bytes() == authority


def test_half_written_files_are_replaced(tmp_path: Path) -> None:
    tls.ensure(tmp_path, NAMES)
    (tmp_path / "key.pem").write_bytes(b"")
    assert tls.ensure(tmp_path, NAMES)
    (tmp_path / "ca-key.pem").unlink()
    assert tls.ensure(tmp_path, NAMES)


def test_keys_are_not_for_others(tmp_path: Path) -> None:
    tls.ensure(tmp_path, NAMES)
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in ("key.pem", "ca-key.pem")} == {0o600}
