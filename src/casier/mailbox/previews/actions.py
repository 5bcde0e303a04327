"""An office document of a message as PDF: fetched as the person, converted by the office part.

Nothing is kept here. What was asked for travels in a signed ticket, and each time it is used the store is
asked again whether this person may read the document: what is shelved is nobody's by itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.core import signing

from casier.directory.models import Account
from casier.engines.office.frames import NoOffice, Office, Standing, office_socket
from casier.engines.office.kinds import kind_of
from casier.engines.parts import chosen_options
from casier.kernel.errors import CasierError, Unavailable
from casier.mailbox.sending.jmap import Jmap, NoAnswer, NotReached, Session

DOCUMENT_BYTES = 50_000_000
_SALT = "casier.mailbox.previews"
_HOURS = 2


class OfficeAbsent(CasierError):
    """This instance was started without the part that converts."""

    code = "office_absent"


class NotADocument(CasierError):
    """Neither its name nor its type is a document's."""

    code = "not_a_document"


class DocumentTooLarge(CasierError):
    """More bytes than are converted."""

    code = "document_too_large"


class PreviewGone(CasierError):
    """The ticket is old or another's, or the document isn't readable for this person any more."""

    code = "preview_gone"


@dataclass(frozen=True, slots=True)
class Asked:
    """A part of a message, as the web client names it."""

    account_id: str
    blob_id: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a preview is of: for whom, which part, which content in which format."""

    person: str
    account_id: str
    blob_id: str
    key: str

    def signed(self) -> str:
        return signing.dumps(asdict(self), salt=_SALT)

    @classmethod
    def of(cls, account: Account, text: str) -> Ticket:
        """Read a ticket of ACCOUNT's. Raises PreviewGone."""
        try:
            values: dict[str, Any] = signing.loads(text, salt=_SALT, max_age=_HOURS * 3600)
            ticket = cls(**values)
        except (signing.BadSignature, TypeError) as error:
            raise PreviewGone(cause=type(error).__name__) from error
        if ticket.person != account.mailbox_key:
            raise PreviewGone(cause="another's")
        return ticket


def begin(account: Account, asked: Asked) -> tuple[Ticket, Standing]:
    """Have the document converted unless it was lately.

    Raises OfficeAbsent, NotADocument, DocumentTooLarge, PreviewGone (not readable for them), Unavailable.
    """
    office = _office()
    kind = kind_of(asked.name, asked.media_type)
    if kind is None:
        raise NotADocument(name_ending=asked.name.rpartition(".")[2][:10])
    with _store().acting_for(account.mailbox_key) as session:
        content = _content(session, asked)
    key = f"{hashlib.sha256(content).hexdigest()}-{kind.ending}"
    ticket = Ticket(account.mailbox_key, asked.account_id, asked.blob_id, key)
    try:
        return ticket, office.convert(key, kind.ending, account.mailbox_key, content)
    except NoOffice as error:
        raise Unavailable(part="office") from error


def standing(account: Account, text: str) -> Standing:
    """How far the preview of a ticket is. Raises PreviewGone, OfficeAbsent, Unavailable."""
    ticket = _readable(account, text)
    try:
        return _office().ask(ticket.key)
    except NoOffice as error:
        raise Unavailable(part="office") from error


def pages(account: Account, text: str) -> bytes:
    """The PDF. Raises PreviewGone (also where it isn't made yet), OfficeAbsent, Unavailable."""
    ticket = _readable(account, text)
    try:
        found = _office().fetch(ticket.key)
    except NoOffice as error:
        raise Unavailable(part="office") from error
    if found is None:
        raise PreviewGone(cause="not kept")
    return found


def _office() -> Office:
    instance = settings.CASIER_INSTANCE
    if "office" not in chosen_options(instance):
        raise OfficeAbsent
    return Office(office_socket(instance))


def _store() -> Jmap:
    instance = settings.CASIER_INSTANCE
    return Jmap(instance.socket("cyrus", "nginx", "http.sock"), instance.key("jwt"))


def _content(session: Session, asked: Asked) -> bytes:
    pieces, size = [], 0
    try:
        for piece in session.blob(asked.account_id, asked.blob_id):
            size += len(piece)
            if size > DOCUMENT_BYTES:
                raise DocumentTooLarge(bytes=size)
            pieces.append(piece)
    except NotReached as error:
        raise _not_read(error) from error
    except NoAnswer as error:
        raise Unavailable(part="cyrus") from error
    return b"".join(pieces)


def _readable(account: Account, text: str) -> Ticket:
    """The ticket, if the store still lets its person read what it is of."""
    ticket = Ticket.of(account, text)
    try:
        with _store().acting_for(account.mailbox_key) as session:
            session.must_hold(ticket.account_id, ticket.blob_id)
    except NotReached as error:
        raise _not_read(error) from error
    except NoAnswer as error:
        raise Unavailable(part="cyrus") from error
    return ticket


def _not_read(error: NotReached) -> CasierError:
    """A refusal of the store's, or that it wasn't there: unknown is not no."""
    status = error.facts.get("status")
    return PreviewGone(status=status) if status in {401, 403, 404} else Unavailable(part="cyrus")
