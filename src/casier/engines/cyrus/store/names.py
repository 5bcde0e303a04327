"""What the store calls a folder, and what it answers about many of them."""

from __future__ import annotations

from collections.abc import Iterator

from casier.engines.cyrus.imap import Answer, words


def mailbox_name(key: str, folder: str = "INBOX") -> str:
    """The admin's name of a folder: `user/jean.martin/Drafts@ac-x.fr`."""
    local, at, domain = key.rpartition("@")
    below = "" if folder == "INBOX" else f"/{folder}"
    return f"user/{local}{below}{at}{domain}"


def listed(answer: Answer) -> Iterator[tuple[str, str]]:
    """Key and folder of each `LIST` line of the admin."""
    for line in answer.lines:
        tokens = words(line)
        if len(tokens) < 5 or tokens[1] != "LIST" or "\\NonExistent" in tokens:
            continue
        yield from named(tokens[-1])


def named(text: str) -> Iterator[tuple[str, str]]:
    """Key and folder of what the admin calls `user/jean.martin/Drafts@ac-x.fr`; nothing for others' names."""
    path, at, domain = text.rpartition("@")
    kind, _, rest = (path if at else text).partition("/")
    local, *below = rest.split("/")
    if kind == "user" and local:
        yield (f"{local}@{domain}" if at else local), "/".join(below) or "INBOX"


def own_folders(answer: Answer) -> Iterator[tuple[str, set[str]]]:
    """Name and attributes of each `LIST` line of a person."""
    for line in answer.lines:
        tokens = words(line)
        if len(tokens) > 5 and tokens[1] == "LIST" and "\\NonExistent" not in tokens:
            yield tokens[-1], {token for token in tokens[2:-2] if token.startswith("\\")}
