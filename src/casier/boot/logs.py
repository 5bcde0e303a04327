"""`./casier logs`: the parts' logs, as they were written or as they come."""

from __future__ import annotations

import subprocess
import sys

from casier.boot.words import say
from casier.engines.parts import PARTS
from casier.engines.supervise.programs import log_files
from casier.kernel.instance import Instance


def show(instance: Instance, part: str | None, lines: int, follow: bool) -> int:
    """Print the last LINES of PART's log, or of every log; with FOLLOW, go on until Ctrl-C."""
    names = [one.name for one in PARTS]
    if part is not None and part not in [*names, "supervise"]:
        known = ", ".join([*names, "supervise"])
        print(say(f"Partie inconnue : {part}. Il y a : {known}.", f"No part {part}. There are: {known}."))
        return 1
    wanted = [part] if part else names
    files = sorted({str(path) for name in wanted for path in log_files(instance, name)})
    if not files:
        print(say("Aucun journal pour l’instant.", "No log yet."))
        return 0
    sys.stdout.flush()
    # -F goes on across the rotation of a log
    return subprocess.call(["tail", "-n", str(lines), *(["-F"] if follow else []), *files])
