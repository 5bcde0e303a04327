"""Which telephone may be a means: a person's own, in a country that is allowed. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from casier.identity.means.errors import BadMeans

# As people dial within each: 0692… is Réunion, 0690… Guadeloupe, 0694… Guyane, 0696… Martinique.
_NATIONAL = ("FR", "RE", "GP", "GF", "MQ", "YT")
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_SPEAKS = _MOBILE | {PhoneNumberType.FIXED_LINE, PhoneNumberType.VOIP, PhoneNumberType.PERSONAL_NUMBER}
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Number:
    """A number that may be called; `takes_text` where it is a mobile's."""

    e164: str
    region: str
    takes_text: bool

    @property
    def shown(self) -> str:
        """As its owner reads it."""
        parsed = phonenumbers.parse(self.e164, None)
        style = PhoneNumberFormat.NATIONAL if self.region == "FR" else PhoneNumberFormat.INTERNATIONAL
        return phonenumbers.format_number(parsed, style)


def parse_number(text: str, countries: frozenset[str]) -> Number:
    """What was typed, as E.164. Raises BadMeans: `not_a_number`, `country`, `premium`.

    Numbers that cost who calls them, or that anyone can sell, are refused: codes sent there would be money
    for whoever asks for them.
    """
    parsed = _parsed(text)
    region = phonenumbers.region_code_for_number(parsed) or ""
    kind = phonenumbers.number_type(parsed)
    if region not in countries:
        raise BadMeans("country")
    if parsed.extension:
        raise BadMeans("not_a_number")
    if kind not in _SPEAKS:
        raise BadMeans("premium")
    e164 = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    return Number(e164, region, kind in _MOBILE)


def _parsed(text: str) -> PhoneNumber:
    typed = text.strip()
    if not typed or len(typed) > _LONGEST or not typed.isprintable():
        raise BadMeans("not_a_number")
    for region in _NATIONAL:
        try:
            parsed = phonenumbers.parse(typed, region)
        except phonenumbers.NumberParseException:
            continue
        international = typed.startswith(("+", "00"))
        if phonenumbers.is_valid_number(parsed) and (
            international or phonenumbers.is_valid_number_for_region(parsed, region)
        ):
            return parsed
    raise BadMeans("not_a_number")
