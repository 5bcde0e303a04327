"""The layout of one installation: where its files, sockets and ports are.

Every part and every engine reads this one object, so that two instances on one machine never meet.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from casier.kernel.words import say

LAYOUT_VERSION = 1
DEFAULT_ROOT = Path("/var/lib/casier")
INSTANCE_ENV = "CASIER_INSTANCE"
# The name of the Cyrus that runs on the instance's own machine.
OWN_STORE = "store1"
# A Unix socket's path holds 107 bytes and a final NUL (unix(7), sun_path).
SOCKET_PATH_LIMIT = 107

# The secrets of an instance, each a file of its own: made where missing, also by the start after an upgrade.
KEYS = (
    "session",
    "jwt",
    "token",
    "header",
    "app-password",
    "numen",
    "django",
    "srs",
    "internal",
    "push",
    "means",
    "journal",
)


class InstanceError(Exception):
    """The instance's folder can't be used; the message says what to do."""


class Port(IntEnum):
    """Loopback ports before the offset is added. The first five are the public ones."""

    WEB = 8443
    IMAPS = 8993
    SMTPS = 8465
    SUBMISSION = 8587
    SMTP = 8025
    # Private: only other parts of the platform connect to these.
    STORE_IMAP = 18143  # Cyrus, behind nginx; also the admin road of the worker
    STORE_LMTP = 18024  # only used where the store is on another host
    POSTFIX_CLIENTS = 18465  # Postfix behind nginx's mail proxy (XCLIENT): 465 and 587 arrive here
    POSTFIX_JMAP = 18026  # the worker and Cyrus httpd submit here, with AUTH=
    POSTFIX_REDIRECT = 18027  # Sieve redirects and rejects leave here (SRS, ARC)
    POSTFIX_PLATFORM = 18028  # what the platform writes itself
    RSPAMD_MILTER = 18332
    RSPAMD_CONTROLLER = 18334
    EDGE_INTERNAL = 18300  # Rspamd asks the edge here whose addresses are whose


@dataclass(frozen=True, slots=True)
class Instance:
    """One installation. `root` holds everything; nothing is written elsewhere."""

    root: Path
    port_offset: int = 0
    database_url: str = ""
    settings: dict[str, object] = field(default_factory=dict, compare=False)

    @classmethod
    def load(cls, root: Path | None = None) -> Instance:
        """Read `instance.toml` of ROOT, or of the folder named by CASIER_INSTANCE.

        Raises InstanceError where there is none or it can't be read.
        """
        path = root or Path(os.environ.get(INSTANCE_ENV) or DEFAULT_ROOT)
        try:
            text = (path / "instance.toml").read_text(encoding="utf-8")
        except OSError as error:
            raise InstanceError(
                say(
                    f"Aucune instance lisible dans {path}. "
                    "Créez-la avec ./casier start, ou nommez-en une autre avec --instance.",
                    f"{path} holds no instance that can be read. "
                    "Create one with ./casier start, or name another with --instance.",
                )
            ) from error
        try:
            values = tomllib.loads(text)
            offset = int(values.get("port_offset", 0))
        except (tomllib.TOMLDecodeError, ValueError) as error:
            raise InstanceError(
                say(
                    f"{path}/instance.toml est illisible : {error}",
                    f"{path}/instance.toml can't be read: {error}",
                )
            ) from error
        return cls(path, offset, str(values.get("database_url", "")), values)

    def port(self, port: Port) -> int:
        """The TCP port to use for PORT on 127.0.0.1."""
        return int(port) + self.port_offset

    # Folders -----------------------------------------------------------------------------------
    @property
    def etc(self) -> Path:
        """Rendered configuration, one folder an engine."""
        return self.root / "etc"

    @property
    def data(self) -> Path:
        """What must be kept: spool, queue, databases, one folder an engine."""
        return self.root / "data"

    @property
    def log(self) -> Path:
        """One file a part: `<part>.log`."""
        return self.root / "log"

    @property
    def secrets(self) -> Path:
        """Keys, one file each; readable by the service user only."""
        return self.root / "secrets"

    @property
    def tls(self) -> Path:
        """`ca.pem`, `cert.pem`, `key.pem`."""
        return self.root / "tls"

    @property
    def app(self) -> Path:
        """The copy of the program that the parts run: a checkout may lie where they can't read."""
        return self.root / "app"

    @property
    def run(self) -> Path:
        """Sockets and pid files; emptied at each start."""
        return self.root / "run"

    def socket(self, server: str, client: str, name: str) -> Path:
        """The Unix socket NAME that SERVER listens on and CLIENT may open.

        Each pair has its folder `run/<server>-<client>`, owned by the server's user, group the client's,
        mode 2750: no third engine can reach it. Raises InstanceError when the path is too long.
        """
        path = self.run / f"{server}-{client}" / name
        if len(os.fsencode(path)) > SOCKET_PATH_LIMIT:
            raise InstanceError(f"{path} is too long for a socket; choose a shorter --instance folder.")
        return path

    def key(self, name: str) -> bytes:
        """The secret NAME (32 bytes or more). Raises InstanceError when it is missing."""
        try:
            return bytes.fromhex((self.secrets / f"{name}.key").read_text("ascii").strip())
        except (OSError, ValueError) as error:
            raise InstanceError(
                say(
                    f"La clé {name} ne peut pas être lue ; ./casier start crée ce qui manque.",
                    f"The key {name} can't be read; ./casier start makes what is missing.",
                )
            ) from error

    @property
    def tag(self) -> str:
        """Eight characters that tell this instance's processes from another's."""
        return hashlib.sha256(os.fsencode(self.root)).hexdigest()[:8]
