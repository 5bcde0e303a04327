"""Does a message carry what a reader offers as a file?"""

from __future__ import annotations

from casier.engines.cyrus.arriving.parts import Part

# Parts that a reader never offers as files: signatures, delivery reports, invitations (shown as such).
_NO_FILES = frozenset(
    {
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-encrypted",
        "message/delivery-status",
        "message/disposition-notification",
        "text/calendar",
    }
)


def has_attachments(part: Part, parent: str = "") -> bool:
    """Whether PART holds what a reader offers as a file."""
    if part.kind.startswith("multipart/"):
        if part.kind == "multipart/report":
            return False
        return any(has_attachments(inner, part.kind) for inner in part.parts)
    if part.kind in _NO_FILES:
        return False
    if part.disposition == "attachment":
        return True
    if part.kind in ("text/plain", "text/html"):
        return part.named and part.disposition != "inline"
    shown_inside = part.disposition == "inline" or part.content_id
    return not (part.kind.startswith("image/") and (shown_inside or parent == "multipart/related"))
