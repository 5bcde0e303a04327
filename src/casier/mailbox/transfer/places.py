"""Where the files of exports and imports lie."""

from __future__ import annotations

import shutil
from pathlib import Path

from casier.kernel.instance import Instance
from casier.kernel.transfer_folders import exports_folder, imports_folder
from casier.mailbox.transfer.errors import NoDisk
from casier.mailbox.transfer.models import Export, Import

# What is left free for mail.
RESERVE_BYTES = 2_000_000_000
# Where nginx finds a file when the web says that it may be fetched (X-Accel-Redirect).
ROAD = "/_casier/exports/"


def export_file(instance: Instance, export: Export) -> Path:
    """The finished zip."""
    return exports_folder(instance) / f"{export.id.hex}.zip"


def part_file(instance: Instance, export: Export) -> Path:
    """The zip as long as it is being written; nginx never serves it."""
    return imports_folder(instance) / f"{export.id.hex}.part"


def import_file(instance: Instance, taken: Import) -> Path:
    """What came."""
    return imports_folder(instance) / taken.id.hex


def placed_file(instance: Instance, taken: Import) -> Path:
    """Where each message of an import went, so that it can be taken back."""
    return imports_folder(instance) / f"{taken.id.hex}.placed"


def check_disk(instance: Instance, needed: int) -> None:
    """Raise NoDisk where NEEDED octets would leave too little for mail."""
    free = shutil.disk_usage(imports_folder(instance)).free
    if free < needed + RESERVE_BYTES:
        raise NoDisk(needed=needed, free=free)
