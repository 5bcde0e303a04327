"""What is wrong with a journal, in French: `verify` and exports say it in English, for programs."""

from __future__ import annotations

import re
from typing import Final

_SENTENCES: Final[tuple[tuple[str, str], ...]] = (
    (r"does not follow the batch before it", "ne suit pas le lot précédent"),
    (r"holds (\d+) entries, (\d+) were sealed", r"contient \1 faits, \2 avaient été scellés"),
    (r"was changed after it was sealed", "a été modifié après avoir été scellé"),
    (r"has facts that were changed", "les détails ont été modifiés"),
    (r"is said to be erased and still holds entries", "dit effacé, contient encore des faits"),
    (r"was erased before its time", "a été effacé avant l’heure"),
    (r"was erased by nobody", "a été effacé sans que le journal le dise"),
    (
        r"was sealed at (\S+) and is gone: the journal was cut",
        "scellé le \\1, a disparu\u00a0: le journal a été coupé",
    ),
    (
        r"isn't what was sealed at (\S+): it was sealed anew",
        "n’est plus celui du \\1\u00a0: il a été scellé de nouveau",
    ),
    (
        r"isn't known: the note of (\S+) beside the database can't be read",
        "inconnu\u00a0: la note du \\1, à côté de la base, n’est pas lisible",
    ),
    (r"is signed with another key than the one given", "est signé d’une autre clé que celle donnée"),
    (r"is not signed by the key that it names", "n’est pas signé par la clé qu’il nomme"),
    (r"(\S+) was changed after it was signed", r"\1 a été modifié après la signature"),
    (r"batch (\d+) is gone", r"le lot \1 a disparu"),
    (r"batch (\d+) was sealed anew after the export", r"le lot \1 a été scellé de nouveau après l’export"),
    (r"entry (\d+) has facts that were changed", r"les détails du fait \1 ont été modifiés"),
)


def in_french(problem: str) -> str:
    """PROBLEM as `verify`, `check` or `against` say it, in French."""
    for english, french in _SENTENCES:
        if found := re.fullmatch(english, problem):
            return found.expand(french)
    return problem
