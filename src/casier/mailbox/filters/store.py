"""The scripts of a mailbox in the store, by JMAP (Cyrus's SieveScript methods)."""

from __future__ import annotations

from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import Any

from django.conf import settings

from casier.kernel.errors import CasierError, Unavailable
from casier.mailbox.sending.jmap import USING, Answers, Jmap, NoAnswer, NotReached, Session

SIEVE = "https://cyrusimap.org/ns/jmap/sieve"
NAME = "casier"


class Changed(CasierError):
    """Another window or program changed the rules meanwhile."""

    code = "rules_changed"


class ScriptRefused(CasierError):
    """The store does not take the script."""

    code = "script_refused"


@dataclass(frozen=True, slots=True)
class Script:
    """One script as the store has it."""

    id: str
    name: str
    active: bool
    blob: str
    text: str

    @property
    def title(self) -> str:
        """The name as people read it: Cyrus 3.6 keeps letters with accents as in a header (RFC 2047)."""
        try:
            return str(make_header(decode_header(self.name)))
        except (HeaderParseError, LookupError, ValueError):
            return self.name


@dataclass(frozen=True, slots=True)
class Shelf:
    """All scripts of a mailbox, and the state that they were read at."""

    state: str
    scripts: tuple[Script, ...]

    @property
    def ours(self) -> Script | None:
        return next((script for script in self.scripts if script.name == NAME), None)

    @property
    def others(self) -> tuple[Script, ...]:
        return tuple(script for script in self.scripts if script.name != NAME)


class ScriptStore:
    """Reads and writes for one person. Raises Unavailable where the store doesn't answer."""

    def __init__(self, jmap: Jmap, person: str) -> None:
        self._jmap, self._person = jmap, person

    def read(self) -> Shelf:
        """Every script with its text."""
        try:
            with self._jmap.acting_for(self._person) as session:
                found = self._call(session, "SieveScript/get", {})["0"]
                scripts = [self._script(session, row) for row in found["list"]]
        except (NotReached, NoAnswer) as error:
            raise Unavailable("cyrus", **error.facts) from error
        return Shelf(_state(scripts), tuple(sorted(scripts, key=lambda script: script.name)))

    def write(self, text: str, before: Shelf, *, activate: bool = True) -> None:
        """Make TEXT our script, and the active one if ACTIVATE. Raises Changed, ScriptRefused."""
        try:
            with self._jmap.acting_for(self._person) as session:
                if _state([self._script(session, row) for row in self._rows(session)]) != before.state:
                    raise Changed
                blob = session.upload(self._person, text.encode(), "application/sieve")
                answer = self._call(session, "SieveScript/set", _asked(before, blob, activate=activate))["0"]
        except (NotReached, NoAnswer) as error:
            raise Unavailable("cyrus", **error.facts) from error
        refused = {**(answer.get("notCreated") or {}), **(answer.get("notUpdated") or {})}
        for fault in refused.values():
            raise ScriptRefused(kind=fault.get("type", ""), said=fault.get("description", ""))

    def _rows(self, session: Session) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._call(session, "SieveScript/get", {})["0"]["list"]
        return rows

    def _call(self, session: Session, name: str, arguments: dict[str, Any]) -> Answers:
        return session.call((name, {"accountId": self._person, **arguments}, "0"), using=(*USING, SIEVE))

    def _script(self, session: Session, row: dict[str, Any]) -> Script:
        text = b"".join(session.blob(self._person, row["blobId"])).decode("utf-8", "replace")
        return Script(row["id"], row["name"], bool(row["isActive"]), row["blobId"], text)


def script_store(person: str) -> ScriptStore:
    """The store that holds the mailbox of PERSON."""
    instance = settings.CASIER_INSTANCE
    return ScriptStore(Jmap(instance.socket("cyrus", "nginx", "http.sock"), instance.key("jwt")), person)


def _state(scripts: list[Script]) -> str:
    """What a reader has seen: the store's own number also counts what happens in other folders."""
    return "|".join(sorted(f"{script.name}:{script.blob}:{int(script.active)}" for script in scripts))


def _asked(before: Shelf, blob: str, *, activate: bool) -> dict[str, Any]:
    if before.ours is None:
        asked, name = {"create": {"new": {"name": NAME, "blobId": blob}}}, "#new"
    else:
        asked, name = {"update": {before.ours.id: {"blobId": blob}}}, before.ours.id
    return {**asked, "onSuccessActivateScript": name} if activate else asked
