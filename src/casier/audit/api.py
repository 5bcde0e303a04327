"""What other apps may use: record a fact, emit an effect, both inside the action's transaction."""

from __future__ import annotations

from casier.audit.actors import Actor
from casier.audit.exporting import Exported, NotAnExport, against, check, export, public_key
from casier.audit.journal import erase, record
from casier.audit.outbox import emit
from casier.audit.pruning import erase_old
from casier.audit.reading import Recorded, recent
from casier.audit.sealing import Break, seal, verify, without_facts
from casier.audit.searching import Page, Query, search
from casier.audit.witness import folder_of as seals_folder

__all__ = [
    "Actor",
    "Break",
    "Exported",
    "NotAnExport",
    "Page",
    "Query",
    "Recorded",
    "against",
    "check",
    "emit",
    "erase",
    "erase_old",
    "export",
    "public_key",
    "recent",
    "record",
    "seal",
    "seals_folder",
    "search",
    "verify",
    "without_facts",
]
