"""What other apps may use: record a fact, emit an effect, both inside the action's transaction."""

from __future__ import annotations

from casier.audit.actors import Actor
from casier.audit.journal import erase, record
from casier.audit.outbox import emit
from casier.audit.reading import Recorded, recent
from casier.audit.sealing import Break, seal, verify

__all__ = ["Actor", "Break", "Recorded", "emit", "erase", "recent", "record", "seal", "verify"]
