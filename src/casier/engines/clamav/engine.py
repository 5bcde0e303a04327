"""ClamAV's daemon as a part."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from casier.engines.clamav.spec import OWN_SIGNATURES, ClamavSpec
from casier.engines.engine import Facts, NotReady, Socket
from casier.engines.probing import expect, unix
from casier.engines.running import own_folder, run_tool
from casier.engines.templates import render_template
from casier.kernel.instance import Instance

TEMPLATES = Path(__file__).parent / "templates"


class Clamav:
    """Follows `casier.engines.engine.Engine`."""

    name = "clamav"
    user = "clamav"

    def spec(self, instance: Instance, facts: Facts) -> ClamavSpec:
        return ClamavSpec.of(instance, facts)

    def render(self, spec: ClamavSpec, staging: Path) -> None:
        render_template(TEMPLATES, "clamd.conf.j2", staging / "clamd.conf", spec=spec)

    def check(self, staging: Path) -> list[str]:
        code, said = run_tool(["/usr/bin/clamconf", "--config-dir", str(staging), "--non-default"])
        wrong = [line for line in said.splitlines() if line.startswith("ERROR")]
        return wrong if code == 0 else [*wrong, f"clamconf ended with {code}: {said[-300:]}"]

    def prepare(self, instance: Instance) -> None:
        folder = instance.data / "clamav"
        for path in (folder, folder / "tmp", folder / "signatures"):
            own_folder(path, self.user, 0o750)
        for source in OWN_SIGNATURES.glob("*.ndb"):
            shutil.copyfile(source, folder / "signatures" / source.name)
            (folder / "signatures" / source.name).chmod(0o644)

    def command(self, instance: Instance) -> list[str]:
        return [
            "/usr/sbin/clamd",
            "--foreground",
            "--config-file",
            str(instance.etc / "clamav" / "clamd.conf"),
        ]

    def probe(self, instance: Instance) -> None:
        """clamd answers PING only once its signatures are loaded."""
        path = instance.socket("clamav", "rspamd", "clamd.sock")
        expect("clamd", unix(path), b"PONG", b"zPING\0")

    def reload(self, instance: Instance) -> None:  # noqa: ARG002 - the contract's signature
        raise NotReady("clamd reads its configuration at a start only")

    def sockets(self) -> Sequence[Socket]:
        return (Socket("clamav", "rspamd", "clamav", "_rspamd"),)
