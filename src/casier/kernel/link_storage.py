"""Where files sent by link are kept: on this machine's disk, or in an object store that speaks S3.

`[links]` in `instance.toml`; the web, the worker and nginx read the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from casier.kernel.instance import Instance, InstanceError
from casier.kernel.secret import Secret
from casier.kernel.words import say


@dataclass(frozen=True, slots=True)
class ObjectStore:
    """A bucket of an S3 service, addressed by path."""

    endpoint: str
    bucket: str
    region: str
    access_key: str
    secret_key: Secret

    @property
    def host(self) -> str:
        """The host as it is signed: with its port where it has one of its own."""
        return urlsplit(self.endpoint).netloc


def object_store(instance: Instance) -> ObjectStore | None:
    """The object store of INSTANCE; None where files stay on disk. Raises InstanceError for half a one."""
    values = instance.settings.get("links", {})
    if not isinstance(values, dict) or values.get("storage", "disk") == "disk":
        return None
    given = {name: str(values.get(name, "")) for name in ("endpoint", "bucket", "access_key", "secret_key")}
    missing = sorted(name for name, value in given.items() if not value)
    parts = urlsplit(given["endpoint"])
    if missing or values["storage"] != "s3" or parts.scheme not in {"http", "https"} or not parts.netloc:
        names = ", ".join(missing) or "storage, endpoint"
        raise InstanceError(
            say(
                f"instance.toml, section [links] : réglages à corriger : {names}.",
                f"instance.toml, section [links]: settings to correct: {names}.",
            )
        )
    region = str(values.get("region", "us-east-1"))
    endpoint = f"{parts.scheme}://{parts.netloc}"
    return ObjectStore(endpoint, given["bucket"], region, given["access_key"], Secret(given["secret_key"]))


def links_folder(instance: Instance) -> Path:
    """What is under way, and what is kept on disk."""
    return instance.data / "links"


def coming_folder(instance: Instance) -> Path:
    """Uploads under way and files that aren't checked yet: no part but ours reads them."""
    return links_folder(instance) / "coming"


def attaching_folder(instance: Instance) -> Path:
    """Attachments that come in pieces: no part but ours reads them either."""
    return instance.data / "attaching"


def kept_folder(instance: Instance) -> Path:
    """Checked files; nginx serves them, when the web says so."""
    return links_folder(instance) / "files"
