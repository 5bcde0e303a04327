"""The office part as an engine: nothing to configure, a folder of its own, a user that owns nothing else."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from casier.engines.engine import EngineError, Facts, NotReady, Socket
from casier.engines.office.converting import SOFFICE
from casier.engines.office.frames import office_socket
from casier.engines.office.sandbox import BWRAP
from casier.engines.probing import expect, unix
from casier.engines.running import own_folder
from casier.kernel.instance import Instance
from casier.kernel.words import say

USER = "casier-office"


class Office:
    """Follows `casier.engines.engine.Engine`."""

    name = "office"
    user = USER

    def spec(self, instance: Instance, facts: Facts) -> None:
        """Nothing that is said elsewhere changes what it does."""

    def render(self, spec: None, staging: Path) -> None:  # noqa: ARG002 - the contract's signature
        (staging / "README").write_text("Nothing is configured here.\n", "ascii")

    def check(self, staging: Path) -> list[str]:  # noqa: ARG002 - the contract's signature
        return []

    def prepare(self, instance: Instance) -> None:
        for needed in (SOFFICE, BWRAP):
            if not Path(needed).exists():
                raise EngineError(
                    say(
                        f"L’aperçu des documents demande {needed} : ./casier start --with office l’installe.",
                        f"Previews of documents need {needed}: ./casier start --with office installs it.",
                    )
                )
        own_folder(instance.data / "office", self.user, 0o700)

    def command(self, instance: Instance) -> list[str]:  # noqa: ARG002 - the contract's signature
        return [sys.executable, "-m", "casier.engines.office"]

    def probe(self, instance: Instance) -> None:
        expect("office", unix(office_socket(instance)), b'{"ok": true}', b'{"do": "ping"}\n')

    def reload(self, instance: Instance) -> None:  # noqa: ARG002 - the contract's signature
        raise NotReady("the office part has no configuration to read again")

    def sockets(self) -> Sequence[Socket]:
        return (Socket("office", "casier", self.user, "casier"),)
