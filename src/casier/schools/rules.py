"""What the address of a school's mailbox is made of. Pure."""

from __future__ import annotations

from casier.kernel.addresses import name_part
from casier.schools.errors import BadRequest

LONGEST_NAME = 40


def local_of(pattern: str, wanted: str, uai: str) -> str:
    """The part before the @, of what somebody typed: « Vie scolaire » is vie-scolaire. Raises BadRequest."""
    name = name_part(wanted)
    if not 2 <= len(name) <= LONGEST_NAME or "@" in wanted:
        raise BadRequest("A few letters are wanted.", field="address")
    return pattern.replace("{name}", name).replace("{uai}", uai.lower())
