"""Names of folders: from files to a mailbox, and on IMAP's wire."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping

from casier.mailbox.importing.found import Folder

_DEPTH = 10
_LENGTH = 100
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f/%*\\\"]+")
_SHIFT = re.compile(r"&([^-]*)-")

# What programs call the special folders, in lower case, by IMAP's special use (RFC 6154).
_SPECIAL = {
    "\\Sent": {
        "sent", "sent items", "sent messages", "sent mail", "sent-mail", "envoyés", "envoyes",
        "éléments envoyés", "elements envoyes", "messages envoyés", "courrier envoyé", "objets envoyés",
    },
    "\\Drafts": {"drafts", "draft", "brouillons", "brouillon"},
    "\\Trash": {"trash", "deleted", "deleted items", "deleted messages", "corbeille", "poubelle",
                "éléments supprimés"},
    "\\Junk": {"junk", "spam", "junk e-mail", "junk email", "pourriel", "indésirables", "indesirables",
               "courrier indésirable"},
    "\\Archive": {"archive", "archives"},
}  # fmt: skip
SPECIAL_USES = frozenset(_SPECIAL)


def clean(parts: Iterable[str]) -> Folder:
    """PARTS as a folder's path that IMAP takes; an `INBOX` in front is the inbox itself."""
    path = [_FORBIDDEN.sub("_", part).strip()[:_LENGTH].strip() for part in parts]
    path = [part for part in path if part and part not in (".", "..")][:_DEPTH]
    if path and path[0].lower() in ("inbox", "boîte de réception", "boite de reception"):
        path = path[1:]
    return tuple(path)


def special_use(folder: Folder) -> str:
    """The special use that FOLDER's name means at the top level, or nothing."""
    if len(folder) != 1:
        return ""
    return next((use for use, names in _SPECIAL.items() if folder[0].lower() in names), "")


def on_store(folder: Folder, special: Mapping[str, str]) -> str:
    """The mailbox name for FOLDER where SPECIAL names the store's own special folders by their use."""
    use = special_use(folder[:1])
    if use and use in special:
        return "/".join((special[use], *folder[1:]))
    return "/".join(folder) or "INBOX"


def encode(name: str) -> str:
    """NAME in IMAP's modified UTF-7 (RFC 3501 §5.1.3)."""
    out = []
    for run in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", name):
        if " " <= run[0] <= "~":
            out.append(run.replace("&", "&-"))
        else:
            coded = b64encode(run.encode("utf-16-be")).decode("ascii").rstrip("=").replace("/", ",")
            out.append(f"&{coded}-")
    return "".join(out)


def decode(name: str) -> str:
    """The name that modified UTF-7 NAME stands for; what isn't well formed stays as it is."""
    try:
        return _SHIFT.sub(_decoded, name)
    except (ValueError, UnicodeDecodeError):
        return name


def _decoded(match: re.Match[str]) -> str:
    if not match[1]:
        return "&"
    text = match[1].replace(",", "/")
    return b64decode(text + "=" * (-len(text) % 4), validate=True).decode("utf-16-be")
