"""The versions of the engines that an instance was last run with.

An older engine may not read what a newer one wrote, so going back is refused; before going forward the store
is copied, because its upgrade can't be undone.
"""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime

from casier.boot.layout import write_settings
from casier.boot.words import say
from casier.engines.cyrus.spec import installed_version
from casier.kernel.instance import Instance, InstanceError


def check_versions(instance: Instance) -> None:
    """Back the store up before a newer Cyrus opens it; raise InstanceError before an older one does."""
    installed = installed_version()
    recorded = _recorded(instance)
    if recorded and installed < recorded:
        old, new = _text(installed), _text(recorded)
        raise InstanceError(
            say(
                f"Cette instance a été ouverte avec Cyrus {new} ; la version installée ({old}) "
                "ne sait pas la lire.",
                f"This instance was opened with Cyrus {new}; the installed one ({old}) can't read it.",
            )
        )
    if recorded and installed > recorded:
        _back_up(instance, _text(recorded))
    if installed != recorded:
        engines = {"cyrus": _text(installed)}
        write_settings(instance.root, {**instance.settings, "engines": engines})


def _recorded(instance: Instance) -> tuple[int, int] | None:
    engines = instance.settings.get("engines")
    text = engines.get("cyrus", "") if isinstance(engines, dict) else ""
    major, _, minor = str(text).partition(".")
    return (int(major), int(minor)) if major.isdigit() and minor.isdigit() else None


def _text(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _back_up(instance: Instance, version: str) -> None:
    """Copy what a start may change: the store, the database, the keys. Shares blocks where the disk can."""
    day = datetime.now(UTC)
    staging = instance.root / "backup" / f".cyrus-{version}-{day:%Y%m%dT%H%M%SZ}"
    staging.mkdir(mode=0o700)
    for folder in (instance.data, instance.secrets):
        # hard links between mailboxes (one copy of a message for all) must stay links
        subprocess.run(["cp", "-a", "--reflink=auto", str(folder), str(staging)], check=True)
    subprocess.run(["cp", "-a", str(instance.root / "instance.toml"), str(staging)], check=True)
    staging.rename(staging.with_name(staging.name[1:]))
