"""Making an instance's folder, and mending what a broken start left of it."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import secrets
import shutil
import stat
import subprocess
from collections.abc import Iterable
from pathlib import Path

import tomli_w

from casier.boot.words import say
from casier.engines.engine import Socket
from casier.engines.parts import Part, chosen_options
from casier.engines.running import own_folder
from casier.kernel.instance import KEYS, LAYOUT_VERSION, Instance, InstanceError
from casier.kernel.link_storage import attaching_folder, coming_folder, kept_folder, links_folder
from casier.kernel.transfer_folders import exports_folder, imports_folder, transfer_folder

USER = "casier"
WEB_GROUP = "www-data"
_KEY_BYTES = 32


def ensure_user(name: str = USER) -> None:
    """Make the system user that the platform's own parts run as."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        subprocess.run(["/usr/sbin/useradd", *options, "--shell", "/usr/sbin/nologin", name], check=True)


def open_instance(
    root: Path, port_offset: int | None, database_url: str | None, more: Iterable[str] = ()
) -> Instance:
    """The instance in ROOT, made if there is none; options that are given replace what it remembers,
    optional parts (MORE) come to those that it has.

    Raises InstanceError where the folder is of a layout that this program doesn't know.
    """
    file = root / "instance.toml"
    known = Instance.load(root) if file.exists() else Instance(root)
    layout = known.settings.get("layout", LAYOUT_VERSION)
    if not isinstance(layout, int) or layout > LAYOUT_VERSION:
        raise InstanceError(
            say(
                f"{root} vient d’une version plus récente de Casier (disposition {layout}).",
                f"{root} comes from a newer Casier (layout {layout}).",
            )
        )
    settings = {**known.settings, "layout": LAYOUT_VERSION}
    settings["port_offset"] = known.port_offset if port_offset is None else port_offset
    settings["database_url"] = known.database_url if database_url is None else database_url
    if chosen := sorted({*chosen_options(known), *more}):
        settings["with"] = chosen
    make_folders(Instance(root))
    if settings != known.settings or not file.exists():
        write_settings(root, settings)
    return Instance.load(root)


def write_settings(root: Path, settings: dict[str, object]) -> None:
    """Replace `instance.toml` in one step. It may hold the database's password: not for everybody's eyes."""
    staging = root / ".instance.toml.new"
    staging.unlink(missing_ok=True)
    descriptor = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    with os.fdopen(descriptor, "wb") as file:
        file.write(tomli_w.dumps(settings).encode())
    os.chown(staging, 0, grp.getgrnam(USER).gr_gid)
    staging.rename(root / "instance.toml")


def make_folders(instance: Instance) -> None:
    """Every folder of the layout but those of the engines, with owner and mode. Repairs what differs."""
    _reachable(instance.root)
    for path in (instance.root, instance.etc, instance.data, instance.run, instance.app, instance.tls):
        own_folder(path, "root", 0o755)
    own_folder(instance.root / "backup", "root", 0o700)
    own_folder(instance.log, "root", 0o750, group=USER)
    own_folder(instance.secrets, USER, 0o700)
    own_folder(instance.data / "platform", USER, 0o750)
    for folder, mode in ((links_folder, 0o2750), (kept_folder, 0o2750), (coming_folder, 0o2700)):
        own_folder(folder(instance), USER, mode, group=WEB_GROUP)  # nginx serves what is kept
    for folder, mode in ((transfer_folder, 0o2750), (exports_folder, 0o2750), (imports_folder, 0o2700)):
        own_folder(folder(instance), USER, mode, group=WEB_GROUP)  # nginx serves what is exported
    own_folder(attaching_folder(instance), USER, 0o700)
    own_folder(instance.app / "static", USER, 0o755)
    make_keys(instance)


def _reachable(root: Path) -> None:
    """Engines run as users of their own: each must be able to walk down to ROOT."""
    for folder in root.absolute().parents:
        if folder.exists() and not folder.stat().st_mode & stat.S_IXOTH:
            raise InstanceError(
                say(
                    f"Les moteurs ne peuvent pas entrer dans {folder} : choisissez un autre dossier "
                    "avec --instance.",
                    f"The engines can't enter {folder}: choose another folder with --instance.",
                )
            )


def make_keys(instance: Instance) -> None:
    """Draw the secrets that are missing; those that are there stay."""
    account = pwd.getpwnam(USER)
    for name in KEYS:
        path = instance.secrets / f"{name}.key"
        with contextlib.suppress(InstanceError):
            instance.key(name)
            continue
        staging = instance.secrets / f".{name}.new"
        staging.unlink(missing_ok=True)
        descriptor = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(_KEY_BYTES) + "\n")
        os.chown(staging, account.pw_uid, account.pw_gid)
        staging.rename(path)


def make_run_folders(instance: Instance, parts: Iterable[Part]) -> None:
    """Empty `run/` and make the folders of sockets: one a pair, closed to everybody else."""
    for path in instance.run.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    own_folder(instance.run / "supervise", "root", 0o700)
    own_folder(instance.run / "parts", "root", 0o755)
    for one in sockets_of(parts):
        folder = instance.run / f"{one.server}-{one.client}"
        own_folder(folder, one.server_user, 0o2750, group=one.client_group)


def sockets_of(parts: Iterable[Part]) -> list[Socket]:
    """The folders of sockets that PARTS listen in."""
    return [one for part in parts for one in (part.load().sockets() if part.engine else part.sockets)]
