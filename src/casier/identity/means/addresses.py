"""Which address may be a backup: one that exists elsewhere, and that isn't made to look like another.

Pure: what the platform's own domains are is an argument.
"""

from __future__ import annotations

import unicodedata

from casier.identity.means.errors import BadMeans
from casier.kernel.addresses import BadAddress, MailAddress

# RFC 2606 and RFC 6761: nobody can be reached there.
_NOWHERE = frozenset({"localhost", "invalid", "test", "local", "localdomain", "onion", "arpa"})
# Letters that pass for one another at a glance, for the comparison with our own names alone.
_LOOKS = str.maketrans({"0": "o", "1": "l", "5": "s", "3": "e", "i": "l"})


def parse_backup(text: str, own_domains: frozenset[str]) -> str:
    """The address in its one form. Raises BadMeans: `not_an_address`, `other_letters`, `own_domain`,
    `looks_like_own`, `nowhere`.

    OWN_DOMAINS: those of the platform. A way back that leads into the mailbox one can't open is none.
    """
    typed = text.strip()
    if any(unicodedata.category(letter)[0] in "CZ" for letter in typed):
        raise BadMeans("not_an_address")
    plain = unicodedata.normalize("NFKC", typed).lower()
    local, _at, domain = plain.rpartition("@")
    _check_letters(local, domain)
    try:
        address = MailAddress.parse(plain)
    except BadAddress as error:
        raise BadMeans("not_an_address") from error
    _check_domain(address.domain, own_domains)
    return str(address)


def _check_letters(local: str, domain: str) -> None:
    """ASCII before the @. After it Latin letters alone: a Cyrillic а would pass for ours (UTS 39)."""
    if not local.isascii():
        raise BadMeans("other_letters")
    try:
        shown = domain.encode("ascii").decode("idna") if "xn--" in domain else domain
    except UnicodeError as error:
        raise BadMeans("not_an_address") from error
    for letter in shown:
        if not letter.isascii() and not unicodedata.name(letter, "").startswith("LATIN "):
            raise BadMeans("other_letters")


def _check_domain(domain: str, own_domains: frozenset[str]) -> None:
    labels = domain.split(".")
    if labels[-1] in _NOWHERE or labels[-1].isdigit():
        raise BadMeans("nowhere")
    for own in own_domains:
        if domain == own or domain.endswith(f".{own}"):
            raise BadMeans("own_domain")
        if _skeleton(domain) == _skeleton(own):
            raise BadMeans("looks_like_own")


def _skeleton(domain: str) -> str:
    """What a quick eye sees of DOMAIN."""
    shown = domain.encode("ascii").decode("idna") if "xn--" in domain else domain
    plain = unicodedata.normalize("NFD", shown)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return letters.translate(_LOOKS).replace("rn", "m").replace("vv", "w")
