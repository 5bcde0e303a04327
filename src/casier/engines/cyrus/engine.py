"""Cyrus as a part."""

from __future__ import annotations

import base64
import contextlib
import os
import pwd
import signal
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from casier.engines.cyrus.arriving.answer import PREVIEW
from casier.engines.cyrus.spec import CyrusSpec, installed_version
from casier.engines.engine import Facts, NotReady, Socket
from casier.engines.probing import expect, tcp, unix
from casier.engines.running import own_folder, run_tool
from casier.engines.supervise import prelude
from casier.engines.templates import render_template
from casier.kernel.instance import Instance, Port

TEMPLATES = Path(__file__).parent / "templates"
# Services that read imapd.conf once, when they start; SIGHUP lets them finish with their client first.
_SERVICES = ("imapd", "httpd", "lmtpd")
# What differs from one to the next stands in the template.
_CONFIGURATIONS = {"all": "imapd.conf", "lmtpd": "lmtpd.conf", "dav": "dav.conf"}
_FOLDERS = ("", "config", "spool", "search", "search-compact", "sieve", "torn")
_CONFIG_FOLDERS = ("db", "log", "msg", "proc", "ptclient", "quota", "socket", "sync", "user", "lock")
# A request takes some megabytes in small pieces and gives them back: a seventh of a page of the list went
# into that. jemalloc, which Redis brings along, does it in half the time.
_ALLOCATOR = Path("/usr/lib") / (sysconfig.get_config_var("MULTIARCH") or "") / "libjemalloc.so.2"
# Without it: by default the C library returns the memory to the kernel each time, and clearing the same pages
# anew was a tenth of a page of the list.
_MEMORY = ("MALLOC_TRIM_THRESHOLD_=8388608", "MALLOC_TOP_PAD_=1048576", "MALLOC_MMAP_THRESHOLD_=4194304")


class Cyrus:
    """Follows `casier.engines.engine.Engine`."""

    name = "cyrus"
    user = "cyrus"

    def spec(self, instance: Instance, facts: Facts) -> CyrusSpec:
        return CyrusSpec.of(instance, facts, installed_version())

    def render(self, spec: CyrusSpec, staging: Path) -> None:
        for service, name in _CONFIGURATIONS.items():
            render_template(TEMPLATES, "imapd.conf.j2", staging / name, spec=spec, service=service)
        for name in ("cyrus.conf", "compact-index"):
            render_template(TEMPLATES, f"{name}.j2", staging / name, spec=spec)
        (staging / "annotations").write_text(f"{PREVIEW},message,string,backend,value.shared,\n", "ascii")
        _write_jwt_key(Instance(spec.etc.parent.parent).key("jwt"), staging / "jwt")

    def check(self, staging: Path) -> list[str]:
        """`conf-lint` names the options that this version doesn't know."""
        found = []
        for name in _CONFIGURATIONS.values():
            command = ["/usr/lib/cyrus/bin/cyr_info", "-C", str(staging / name)]
            code, said = run_tool([*command, "-M", str(staging / "cyrus.conf"), "conf-lint"], user=self.user)
            found += [f"{name}: {line}" for line in said.splitlines() if line.strip()]
            found += [f"{name}: cyr_info ended with {code}"] if code and not said else []
        return found

    def prepare(self, instance: Instance) -> None:
        root = instance.data / "cyrus"
        for name in _FOLDERS:
            own_folder(root / name, self.user)
        for name in _CONFIG_FOLDERS:
            own_folder(root / "config" / name, self.user)
        # Cyrus makes it with the first message; of several first ones at once it refuses all but one
        own_folder(root / "spool" / "stage.", self.user, 0o700)

    def command(self, instance: Instance) -> list[str]:
        etc = instance.etc / "cyrus"
        pid = instance.data / "cyrus" / "config" / "cyrmaster.pid"
        files = ["-C", str(etc / "imapd.conf"), "-M", str(etc / "cyrus.conf"), "-p", str(pid)]
        return ["/usr/bin/env", *memory(), "/usr/sbin/cyrmaster", *files]

    def probe(self, instance: Instance) -> None:
        """All three doors greet: IMAP, LMTP, HTTP."""
        expect("imap", tcp(instance.port(Port.STORE_IMAP)), b"* OK")
        expect("lmtp", unix(instance.socket("cyrus", "postfix", "lmtp.sock")), b"220 ")
        request = b"OPTIONS /jmap/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        expect("http", unix(instance.socket("cyrus", "nginx", "http.sock")), b"HTTP/1.1 ", request)

    def reload(self, instance: Instance) -> None:
        record = prelude.read_record(instance.run / "parts" / self.name)
        if record is None:
            raise NotReady("cyrus does not run")
        leader, _ = record
        for pid in prelude.pids():
            if prelude.session(pid) == leader and (pid == leader or _name(pid) in _SERVICES):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGHUP)

    def sockets(self) -> Sequence[Socket]:
        return (Socket("cyrus", "nginx", "cyrus", "www-data"), Socket("cyrus", "postfix", "cyrus", "postfix"))


def memory(allocator: Path = _ALLOCATOR) -> tuple[str, ...]:
    """The environment by which Cyrus's processes take and give back memory. They have one thread each."""
    return (f"LD_PRELOAD={allocator}", "MALLOC_CONF=narenas:1") if allocator.exists() else _MEMORY


def _write_jwt_key(key: bytes, folder: Path) -> None:
    """Cyrus reads HMAC keys in a PEM of its own kind; readable by Cyrus alone."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    target = folder / "casier.pem"
    target.touch(0o600)
    text = base64.b64encode(key).decode("ascii")
    target.write_text(f"-----BEGIN HMAC KEY-----\n{text}\n-----END HMAC KEY-----\n", "ascii")
    if os.geteuid() == 0:
        account = pwd.getpwnam("cyrus")
        os.chown(target, account.pw_uid, account.pw_gid)
    target.chmod(0o400)


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text("ascii").strip()
    except OSError:
        return ""
