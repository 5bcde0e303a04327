"""A server's certificate for tests, and the authority that vouches for it."""

from __future__ import annotations

import ssl
from pathlib import Path

from casier.engines import tls


def server_context(folder: Path) -> ssl.SSLContext:
    """What a server on `localhost` shows; its authority is `ca.pem` in FOLDER."""
    tls.ensure(folder, ())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
