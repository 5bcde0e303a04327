"""Keeping checked files: on disk, or in an object store. Nothing here holds a file in memory."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from casier.kernel.errors import Unavailable
from casier.kernel.instance import Instance
from casier.kernel.link_storage import ObjectStore, coming_folder, kept_folder, object_store

if TYPE_CHECKING:
    from obstore.store import S3Store

# Where nginx finds what it may serve only when the web answers so (X-Accel-Redirect).
DISK_ROAD = "/_casier/links/disk/"
OBJECTS_ROAD = "/_casier/links/objects"
# nginx asks the object store at once.
_SIGNED_FOR = timedelta(minutes=2)
_PART, _PIECE = 8 << 20, 1 << 20


class Storage(Protocol):
    """A place for checked files."""

    @property
    def name(self) -> str:
        """What a row calls it, so that a change of setting moves nothing."""

    def keep(self, file: Path, key: uuid.UUID) -> None:
        """Have what FILE holds under KEY, too. Interrupted anywhere, it can be done again."""

    def road(self, key: uuid.UUID) -> str:
        """What nginx is told so that it serves the file."""

    def read(self, key: uuid.UUID) -> Iterator[bytes]:
        """What the file holds, piece by piece. Raises FileNotFoundError, Unavailable."""

    def forget(self, key: uuid.UUID) -> None:
        """Delete the file; nothing happens when there is none."""


@dataclass(frozen=True, slots=True)
class Disk:
    """A folder that nginx reads."""

    folder: Path
    name: str = "disk"

    def keep(self, file: Path, key: uuid.UUID) -> None:
        kept = self.folder / _place(key)
        kept.parent.mkdir(mode=0o2750, exist_ok=True)
        file.chmod(0o640)
        kept.unlink(missing_ok=True)
        kept.hardlink_to(file)

    def road(self, key: uuid.UUID) -> str:
        return DISK_ROAD + _place(key)

    def read(self, key: uuid.UUID) -> Iterator[bytes]:
        with (self.folder / _place(key)).open("rb") as file:
            yield from iter(lambda: file.read(_PIECE), b"")

    def forget(self, key: uuid.UUID) -> None:
        (self.folder / _place(key)).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Objects:
    """A bucket. nginx fetches from it with an address that is signed for two minutes."""

    store: S3Store
    name: str = "s3"

    @classmethod
    def of(cls, known: ObjectStore, retries: int = 3) -> Objects:
        from obstore.store import S3Store

        more: dict[str, Any] = {"client_options": {"allow_http": known.endpoint.startswith("http:")}}
        return cls(
            S3Store(
                known.bucket,
                endpoint=known.endpoint,
                region=known.region,
                access_key_id=known.access_key,
                secret_access_key=known.secret_key.reveal(),
                virtual_hosted_style_request=False,
                retry_config={"max_retries": retries},
                **more,
            )
        )

    def keep(self, file: Path, key: uuid.UUID) -> None:
        from obstore import put
        from obstore.exceptions import BaseError

        try:
            put(self.store, _place(key), file, chunk_size=_PART, max_concurrency=2)
        except BaseError as error:
            raise Unavailable("object store", cause=type(error).__name__) from error

    def road(self, key: uuid.UUID) -> str:
        from obstore import sign

        parts = urlsplit(sign(self.store, "GET", _place(key), _SIGNED_FOR))
        return f"{OBJECTS_ROAD}{parts.path}?{parts.query}"

    def read(self, key: uuid.UUID) -> Iterator[bytes]:
        from obstore import get
        from obstore.exceptions import BaseError

        try:
            for piece in get(self.store, _place(key)).stream(min_chunk_size=_PIECE):
                yield bytes(piece)
        except FileNotFoundError:
            raise
        except BaseError as error:
            raise Unavailable("object store", cause=type(error).__name__) from error

    def forget(self, key: uuid.UUID) -> None:
        from obstore import delete
        from obstore.exceptions import BaseError

        try:
            delete(self.store, _place(key))
        except FileNotFoundError:
            return
        except BaseError as error:
            raise Unavailable("object store", cause=type(error).__name__) from error


def _place(key: uuid.UUID) -> str:
    return f"{key.hex[:2]}/{key.hex}"


def storage_for(instance: Instance, name: str = "") -> Storage:
    """Where new files go, or where those of the storage called NAME are: a change of setting moves none."""
    known = object_store(instance)
    if name == "disk" or (not name and known is None):
        return Disk(kept_folder(instance))
    if known is None:
        raise Unavailable("object store", cause="not set")
    return Objects.of(known)


def coming_file(instance: Instance, key: uuid.UUID) -> Path:
    """The file of an upload under way."""
    return coming_folder(instance) / key.hex
