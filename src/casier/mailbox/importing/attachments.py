"""Whether a message has an attachment: a search for attachments looks at the keyword `$HasAttachment`."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message

from casier.mailbox.importing import headers

_TEXT_TYPE = re.compile(rb"text/(plain|html)\b")
_INLINE = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")


def has_attachment(content: bytes) -> bool:
    """Whether a person would see a file: a part called attachment, or one that is no text nor shown in it."""
    head = headers.block(content)
    kind = headers.first(head, "Content-Type").lower()
    disposition = headers.first(head, "Content-Disposition").lower()
    if (not kind or _TEXT_TYPE.match(kind)) and b"attachment" not in disposition:
        return False
    if kind.startswith(b"multipart/alternative") and b"multipart/" not in content[len(head) :].lower():
        # Nearly all mail without files looks so; parsing it whole would double the cost of an import.
        return b"content-disposition: attachment" in content.lower()
    try:
        return any(_is_file(part) for part in message_from_bytes(content).walk())
    except (MessageError, ValueError, LookupError, RecursionError):
        return False


def _is_file(part: Message) -> bool:
    if part.is_multipart() and part.get_content_type() != "message/rfc822":
        return False
    disposition = str(part.get("Content-Disposition", "")).partition(";")[0].strip().lower()
    if disposition == "attachment":
        return True
    kind = part.get_content_type()
    if kind in _INLINE:
        return False
    if kind.startswith("text/"):
        return bool(part.get_filename()) and disposition != "inline"
    return not (part.get("Content-ID") and disposition != "attachment")
