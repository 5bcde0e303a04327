"""Where what people take out of their mailbox lies, and what they bring in, as all parts agree."""

from __future__ import annotations

from pathlib import Path

from casier.kernel.instance import Instance


def transfer_folder(instance: Instance) -> Path:
    """All of it."""
    return instance.data / "transfer"


def exports_folder(instance: Instance) -> Path:
    """Finished exports; nginx serves them, when the web says so."""
    return transfer_folder(instance) / "exports"


def imports_folder(instance: Instance) -> Path:
    """What is being written and what came in: no part but ours reads it."""
    return transfer_folder(instance) / "coming"
