"""Who may do what in a folder (RFC 4314): what is wanted, what is there, and the commands between the two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from casier.engines.cyrus.imap import Answer, quoted, words

OWNER_RIGHTS = "lrswipkxtecdan"
# People don't write access lists themselves (`a`): whom a mailbox is open to is asked of the platform, which
# knows the academy's policy and the day it ends. See `implicit_owner_rights` of the configuration.
PERSON_RIGHTS = "lrswipkxtecdn"
READ_FOR_ALL = '(/shared/vendor/cmu/cyrus-imapd/sharedseen "true")'
# A folder keeps this under another name; JMAP calls it by that.
UNIQUE_ID = "/shared/vendor/cmu/cyrus-imapd/uniqueid"
_VIRTUAL = str.maketrans("", "", "cd")


@dataclass(frozen=True, slots=True)
class Rights:
    """The rights of others in a mailbox, by login: in all its folders, and in some ONLY (by their id).

    What is in such a folder goes with it: the store gives a new folder the rights of the one above.
    """

    everywhere: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # Whether rules, agendas and address books go with it, which the store keeps in folders of its own.
    with_all: bool = False
    # Whether folders that their owner named as personal stay closed, whatever else is open.
    but_personal: bool = False

    def in_folder(self, ids: Iterable[str]) -> dict[str, str]:
        """The rights in a folder; IDS are its own and those of the folders it lies in."""
        here = dict(self.everywhere)
        for one in ids:
            here |= self.only.get(one, {})
        return here


# As Cyrus writes them (RFC 3501 §5.1.3): « Privé » is Priv&AOk-.
_PERSONAL = frozenset({"personnel", "personnels", "perso", "priv&aok-", "prive", "personal", "private"})


def is_personal(folder: str) -> bool:
    """Whether the name of FOLDER, or of one that it lies in, says that it is its owner's private matter."""
    return any(step.lower() in _PERSONAL for step in folder.split("/"))


def with_those_above(folder: str) -> Iterator[str]:
    """`A/B/C` lies in `A` and `A/B`."""
    steps = folder.split("/")
    for depth in range(1, len(steps) + 1):
        yield "/".join(steps[:depth])


def same_rights(one: str, other: str) -> bool:
    """Whether both allow the same: c and d only sum up others, for old programs (RFC 4314 §2.1.1)."""
    return set(one.translate(_VIRTUAL)) == set(other.translate(_VIRTUAL))


def rights_of(answer: Answer) -> dict[str, str]:
    """What an answer to GETACL says, by login."""
    for line in answer.lines:
        tokens = words(line)
        if tokens[1:2] == ["ACL"]:
            found = zip(tokens[3::2], tokens[4::2], strict=False)
            return {who: rights.translate(_VIRTUAL) for who, rights in found}
    return {}


def value_of(answer: Answer) -> str:
    """The one value in an answer to GETMETADATA; "" where there is none."""
    for line in answer.lines:
        tokens = words(line)
        if tokens[1:2] == ["METADATA"] and tokens[3:4] == ["("] and len(tokens) > 5:
            return tokens[5]
    return ""


def is_hidden(folder: str) -> bool:
    """Whether FOLDER holds no mail: rules, agendas, address books, uploads."""
    return folder.startswith("#")


def closing_commands(name: str, there: Mapping[str, str], owner: str) -> Iterator[str]:
    """What takes a folder away from other people, and leaves all else as the store made it."""
    for who in sorted(there):
        if "@" in who and who != owner:
            yield f"DELETEACL {quoted(name)} {quoted(who)}"


def rights_commands(name: str, there: Mapping[str, str], wanted: Mapping[str, str]) -> Iterator[str]:
    """What makes the rights THERE on the folder NAME those WANTED."""
    for who in sorted(there.keys() - wanted.keys()):
        yield f"DELETEACL {quoted(name)} {quoted(who)}"
    for who, rights in sorted(wanted.items()):
        if not same_rights(there.get(who, ""), rights):
            yield f"SETACL {quoted(name)} {quoted(who)} {rights}"
