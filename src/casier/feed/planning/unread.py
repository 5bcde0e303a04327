"""Those whose record can't be read: whoever they may be isn't gone."""

from __future__ import annotations

from casier.directory.numen import NumenVault
from casier.feed.knowing import Known
from casier.feed.names import letters
from casier.feed.records import Refused


class Unread:
    """What the records that were refused hold of someone: a key, names, a NUMEN."""

    def __init__(self, vault: NumenVault) -> None:
        self._vault = vault
        self.keys: set[str] = set()
        self._names: set[tuple[str, str]] = set()
        self._numens: set[str] = set()

    def add(self, one: Refused) -> None:
        """Take note of a record."""
        self.keys.add(one.key)
        self._names.add((letters(one.given_name), letters(one.family_name)))
        if one.numen:
            self._numens.add(self._vault.index(one.numen))

    def may_be(self, person: Known) -> bool:
        """Whether one of the records may be PERSON's; where a name is missing, the other decides."""
        given = letters(person.given_name)
        for family in {letters(person.family_name), letters(person.birth_name)} - {""}:
            if self._names & {(given, family), (given, ""), ("", family)}:
                return True
        return person.key in self.keys - {""} or person.numen_index in self._numens
