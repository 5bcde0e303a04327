"""Mail addresses: what one is, and how a person's name becomes one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from casier.kernel.errors import CasierError

# RFC 5321 §4.5.3.1: 64 octets before the @, 254 in all (RFC 3696 erratum 1690).
LOCAL_LIMIT = 64
ADDRESS_LIMIT = 254
# Room that is left for a homonym's digits.
DIGITS = 4

# Where the platform's own probe lives (RFC 2606: nobody's, never reached from outside); in no directory.
PLATFORM_DOMAIN = "casier.invalid"

_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_WRITTEN = re.compile(r"[a-z0-9]+")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
# Letters that Unicode doesn't take apart into a base letter and an accent.
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ŋ": "n"}
)
# Apostrophes in all the forms that keyboards and feeds produce: d'Arc and d’Arc are both `darc`.
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´′ʹ")


class BadAddress(CasierError):
    """Not an address that mail can be sent to."""

    code = "bad_address"


class BadDomain(CasierError):
    """Not a domain name."""

    code = "bad_domain"


class NameWithoutLetters(CasierError):
    """A name from which no address can be made: give one by hand."""

    code = "name_without_letters"


@dataclass(frozen=True, slots=True)
class MailAddress:
    """An address in lower case, as it is stored and compared."""

    local: str
    domain: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `local@domain`; quoted and non-ASCII local parts are not given to anyone here (BadAddress)."""
        local, at, domain = text.strip().lower().rpartition("@")
        if not at or not _LOCAL.fullmatch(local) or len(local) > LOCAL_LIMIT:
            raise BadAddress(f"{text!r} is not an address.", address=text)
        try:
            parsed = cls(local, parse_domain(domain))
        except BadDomain as error:
            raise BadAddress(f"{text!r} is not an address.", address=text) from error
        if len(str(parsed)) > ADDRESS_LIMIT:
            raise BadAddress(f"{text!r} is longer than {ADDRESS_LIMIT} characters.", address=text)
        return parsed

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


def parse_domain(text: str) -> str:
    """A domain name in lower case, in its ASCII form. Raises BadDomain."""
    try:
        domain = text.strip().rstrip(".").lower().encode("idna").decode("ascii")
    except UnicodeError as error:
        raise BadDomain(f"{text!r} is not a domain name.", domain=text) from error
    labels = domain.split(".")
    if len(labels) < 2 or len(domain) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadDomain(f"{text!r} is not a domain name.", domain=text)
    return domain


def without_detail(address: str) -> str | None:
    """`name@domain` of the sub-address `name+shop@domain` (RFC 5233); None where it isn't one."""
    local, at, domain = address.rpartition("@")
    name, plus, _ = local.partition("+")
    return f"{name}@{domain}" if name and plus and at else None


def fold(text: str) -> str:
    """TEXT in lower case without accents, ligatures opened: what compares equal for a French reader."""
    # Compatibility caseless matching (Unicode §3.13, D146), then what is left of accents and ligatures.
    plain = unicodedata.normalize("NFD", text).casefold()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_LETTERS)
    return unicodedata.normalize("NFKD", letters)


def letters(name: str) -> str:
    """What of NAME tells people apart: without accents, case, hyphens, spaces and apostrophes."""
    return "".join(_WRITTEN.findall(fold(name)))


def name_part(name: str) -> str:
    """A given or family name as part of an address: `Marie Noëlle` → `marie-noelle`, `d’Arc` → `darc`."""
    words = re.findall(r"[a-z0-9]+", fold(name).translate(_APOSTROPHES))
    return "-".join(words)


def local_part(given_name: str, family_name: str) -> str:
    """`prenom.nom`, short enough that a homonym's digits still fit.

    Raises NameWithoutLetters when nothing of either name can be written in an address.
    """
    given, family = name_part(given_name), name_part(family_name)
    if not given and not family:
        raise NameWithoutLetters(f"No address can be made from {given_name!r} {family_name!r}; give one.")
    limit = LOCAL_LIMIT - DIGITS
    if not given or not family:
        return _cut(given or family, limit)
    # The family name tells people apart: the given name gives way first, down to its first word.
    if len(given) + 1 + len(family) > limit:
        given = _cut(given, max(limit - 1 - len(family), len(given.split("-")[0][:20])))
    return f"{given}.{_cut(family, limit - 1 - len(given))}"


def _cut(name: str, limit: int) -> str:
    """NAME within LIMIT letters, at a hyphen when there is one."""
    if len(name) <= limit:
        return name
    whole_words = name[: limit + 1].rpartition("-")[0]
    return whole_words or name[:limit]


def homonyms(local: str) -> Iterator[str]:
    """`jean.martin`, `jean.martin1`, `jean.martin2`…: what to try, in order."""
    yield local
    for digit in range(1, 10**DIGITS):
        yield f"{local}{digit}"
