"""What each field of a policy does, in a sentence, for who decides about it: French and English."""

from __future__ import annotations

from typing import Final

from casier.kernel.words import Words
from casier.policies.helping.entry import ENTRY
from casier.policies.helping.people import PEOPLE
from casier.policies.helping.using import USING

HELP: Final[dict[str, Words]] = ENTRY | USING | PEOPLE
