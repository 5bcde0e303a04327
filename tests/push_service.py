"""A push service as browsers have them: checks who posts (RFC 8292), opens what is posted (RFC 8291).

The browser's half is here too, written from the RFCs alone, so that nothing is judged by what made it.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import ssl
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from waiting import wait_until


def written(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def read(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Subscribed:
    """A browser's subscription: its address, and keys of which only the public half leaves it."""

    def __init__(self, endpoint: str, seed: int = 0) -> None:
        self.endpoint = endpoint
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.auth = (seed or id(self)).to_bytes(16, "big")

    @property
    def point(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def given(self, **more: Any) -> dict[str, Any]:
        """What the page hands to the platform."""
        return {"endpoint": self.endpoint, "p256dh": written(self.point), "auth": written(self.auth), **more}

    def opened(self, body: bytes) -> bytes:
        """What BODY says (RFC 8188 §2, RFC 8291 §3.4)."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size <= 4096
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        info = b"WebPush: info\0" + self.point + sender
        secret = HKDF(SHA256(), 32, self.auth, info).derive(self.private.exchange(ec.ECDH(), theirs))
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
        text, mark, padding = AESGCM(key).decrypt(nonce, sealed, None).rpartition(b"\x02")
        assert mark
        assert not padding.strip(b"\0")
        return text

    def said(self, push: Push) -> Any:
        return json.loads(self.opened(push.body))


@dataclass(frozen=True)
class Push:
    """One push that came, from whoever has the key SENDER."""

    path: str
    headers: dict[str, str]
    body: bytes
    sender: str
    claims: dict[str, Any]
    at: float = field(default_factory=time.monotonic)


class PushService(ThreadingHTTPServer):
    """Listens on this machine with a certificate of its own."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.ca = folder / "push-service.pem"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_certificate(self.ca))
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.pushes: list[Push] = []
        # What the next ones are answered: status and headers; then 201 again.
        self.answers: list[tuple[int, dict[str, str]]] = []

    @property
    def origin(self) -> str:
        return f"https://127.0.0.1:{self.server_address[1]}"

    @property
    def settings(self) -> dict[str, object]:
        """What `instance.toml` says so that the platform pushes here."""
        return {
            "push_hosts": ["127.0.0.1"],
            "push_networks": ["127.0.0.1/32"],
            "push_ca": str(self.ca),
        }

    def subscribe(self, name: str = "a") -> Subscribed:
        return Subscribed(f"{self.origin}/push/{name}")

    def to(self, subscribed: Subscribed) -> list[Push]:
        """The pushes to one browser, in their order."""
        return [push for push in self.pushes if subscribed.endpoint == self.origin + push.path]

    def wait(self, subscribed: Subscribed, count: int, seconds: float = 30) -> Push:
        """The push number COUNT to one browser."""
        wait_until(f"push number {count}", lambda: len(self.to(subscribed)) >= count, seconds)
        return self.to(subscribed)[count - 1]

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: object) -> None:
        """A peer that hangs up is a peer that hangs up."""


class _Handler(BaseHTTPRequestHandler):
    server: PushService
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): text for name, text in self.headers.items()}
        scheme, _, words = headers["authorization"].partition(" ")
        parts = dict(word.strip().split("=", 1) for word in words.split(","))
        assert scheme == "vapid"
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), read(parts["k"]))
        claims = jwt.decode(parts["t"], key, algorithms=["ES256"], audience=self.server.origin)
        assert time.time() < claims["exp"] <= time.time() + 24 * 3600
        status, more = self.server.answers.pop(0) if self.server.answers else (201, {})
        self.server.pushes.append(Push(self.path, headers, body, parts["k"], claims))
        self.send_response(status)
        for name, text in {"Content-Length": "0", **more}.items():
            self.send_header(name, text)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


def _certificate(path: Path) -> Path:
    """A certificate for localhost and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    alternatives: list[x509.GeneralName] = [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    path.chmod(0o644)
    return path
