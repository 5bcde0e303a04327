"""What nginx's configuration is made of."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from casier.engines.engine import EngineError, Facts
from casier.engines.running import run_tool
from casier.kernel.instance import OWN_STORE, Instance, Port
from casier.kernel.link_storage import ObjectStore, kept_folder, object_store
from casier.kernel.transfer_folders import exports_folder

PROGRAM = "/usr/sbin/nginx"
MAIL_MODULE = Path("/usr/lib/nginx/modules/ngx_mail_module.so")
# From this version on HTTP/2 is a directive of its own.
HTTP2_DIRECTIVE = (1, 25, 1)
# What Cyrus offers once signed in, and a mail program may rely on before. nginx adds the AUTH methods.
# fmt: off
IMAP_CAPABILITIES = (
    "IMAP4rev1", "LITERAL+", "ID", "ENABLE", "ACL", "RIGHTS=kxten", "QUOTA", "NAMESPACE", "UIDPLUS",
    "CHILDREN", "MULTIAPPEND", "BINARY", "CATENATE", "CONDSTORE", "QRESYNC", "ESEARCH", "ESORT", "SORT",
    "SORT=DISPLAY", "THREAD=ORDEREDSUBJECT", "THREAD=REFERENCES", "UNSELECT", "WITHIN", "LIST-EXTENDED",
    "LIST-STATUS", "LIST-MYRIGHTS", "SPECIAL-USE", "CREATE-SPECIAL-USE", "MOVE", "METADATA", "OBJECTID",
    "PREVIEW", "SAVEDATE", "STATUS=SIZE", "SEARCH=FUZZY", "IDLE",
)
# fmt: on


@functools.cache
def installed_version() -> tuple[int, ...]:
    """nginx's version, such as (1, 22, 1). Raises EngineError when it isn't installed."""
    code, said = run_tool([PROGRAM, "-v"])
    found = re.search(r"nginx/(\d+)\.(\d+)\.(\d+)", said)
    if code != 0 or not found:
        raise EngineError(f"nginx does not run ({said}). Install nginx-light and libnginx-mod-mail.")
    return tuple(map(int, found.groups()))


@dataclass(frozen=True, slots=True)
class Stores:
    """One Cyrus as nginx reaches it."""

    name: str
    http: Path  # JMAP
    dav: Path  # CalDAV and CardDAV


@dataclass(frozen=True, slots=True)
class NginxSpec:
    """Everything the templates name."""

    folder: Path  # where the configuration will lie
    data: Path
    log: Path
    pid: Path
    tls: Path
    web_client: Path
    static: Path
    web_port: int
    imaps_port: int
    smtps_port: int
    submission_port: int
    edge: Path
    relay: Path
    web: Path
    stores: tuple[Stores, ...]
    hosts: tuple[str, ...]
    public_host: str
    attachment_bytes: int
    version: tuple[int, ...]
    ipv6: bool
    kept: Path  # files sent by link
    exports: Path  # what people take out of their mailbox
    objects: ObjectStore | None = None  # where they are instead, when that is set
    imap_capabilities: tuple[str, ...] = IMAP_CAPABILITIES

    @classmethod
    def of(cls, instance: Instance, facts: Facts) -> NginxSpec:
        """The configuration of INSTANCE with what the directory says in FACTS."""
        return cls(
            folder=instance.etc / "nginx",
            data=instance.data / "nginx",
            log=instance.log,
            pid=instance.run / "nginx.pid",
            tls=instance.tls,
            web_client=instance.app / "web",
            static=instance.app / "static",
            web_port=instance.port(Port.WEB),
            imaps_port=instance.port(Port.IMAPS),
            smtps_port=instance.port(Port.SMTPS),
            submission_port=instance.port(Port.SUBMISSION),
            edge=instance.socket("edge", "nginx", "http.sock"),
            relay=instance.socket("relay", "nginx", "http.sock"),
            web=instance.socket("web", "nginx", "http.sock"),
            stores=(
                Stores(
                    OWN_STORE,
                    instance.socket("cyrus", "nginx", "http.sock"),
                    instance.socket("cyrus", "nginx", "dav.sock"),
                ),
            ),
            hosts=tuple(sorted({*facts.hosts, "localhost"})),
            public_host=facts.public_host,
            attachment_bytes=facts.attachment_bytes,
            version=installed_version(),
            ipv6=Path("/proc/net/if_inet6").exists(),
            kept=kept_folder(instance),
            exports=exports_folder(instance),
            objects=object_store(instance),
        )

    @property
    def http2_directive(self) -> bool:
        """Whether HTTP/2 is switched on by `http2 on` (newer) or on the `listen` line."""
        return self.version >= HTTP2_DIRECTIVE

    @property
    def mail_module(self) -> Path:
        """The dynamic module with IMAP and SMTP."""
        return MAIL_MODULE

    @property
    def submission_bytes(self) -> int:
        """The largest message of a mail program: attachments grow by 37 % in base64, text comes on top."""
        return self.attachment_bytes * 14 // 10
