"""The words of the language: what a secretary may write, and what it means.

Keys are folded: case and accents never matter. French first, English understood too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from casier.directory.models import AccountState, PostingSource
from casier.groups.rule import STAR, Field
from casier.kernel.addresses import fold

FIELDS: Mapping[str, Field] = {
    "fonction": Field.FUNCTION, "function": Field.FUNCTION,
    "etablissement": Field.SCHOOL, "ecole": Field.SCHOOL, "uai": Field.SCHOOL, "school": Field.SCHOOL,
    "ville": Field.CITY, "commune": Field.CITY, "city": Field.CITY,
    "type": Field.KIND, "nature": Field.KIND, "kind": Field.KIND,
    "departement": Field.DEPARTMENT, "department": Field.DEPARTMENT,
    "reseau": Field.NETWORK, "network": Field.NETWORK,
    "matiere": Field.SUBJECT, "discipline": Field.SUBJECT, "subject": Field.SUBJECT,
    "classe": Field.CLASS, "class": Field.CLASS,
    "principal": Field.PRINCIPAL,
    "origine": Field.ORIGIN, "origin": Field.ORIGIN,
    "etat": Field.STATE, "compte": Field.STATE, "state": Field.STATE, "account": Field.STATE,
    "domaine": Field.DOMAIN, "domain": Field.DOMAIN,
    "groupe": Field.GROUP, "group": Field.GROUP,
}  # fmt: skip
# How each field is written.
NAMES: Mapping[Field, str] = {
    Field.FUNCTION: "fonction", Field.SCHOOL: "établissement", Field.CITY: "ville", Field.KIND: "type",
    Field.DEPARTMENT: "département", Field.NETWORK: "réseau", Field.SUBJECT: "matière",
    Field.CLASS: "classe", Field.PRINCIPAL: "principal", Field.ORIGIN: "origine", Field.STATE: "état",
    Field.DOMAIN: "domaine", Field.GROUP: "groupe",
}  # fmt: skip
JOINTS: Mapping[str, str] = {
    "et": "AND", "and": "AND", "ou": "OR", "or": "OR", "sauf": "EXCEPT", "except": "EXCEPT",
    "non": "NOT", "pas": "NOT", "not": "NOT", "parmi": "IN", "dans": "IN", "in": "IN", "among": "IN",
    "tous": "EVERYONE", "toutes": "EVERYONE", "tout": "EVERYONE", "everyone": "EVERYONE", "all": "EVERYONE",
}  # fmt: skip
STATES: Mapping[str, AccountState] = {
    "invite": AccountState.INVITED, "invited": AccountState.INVITED,
    "actif": AccountState.ACTIVE, "active": AccountState.ACTIVE,
    "suspendu": AccountState.SUSPENDED, "suspended": AccountState.SUSPENDED,
    "partant": AccountState.LEAVING, "en depart": AccountState.LEAVING, "leaving": AccountState.LEAVING,
}  # fmt: skip
STATE_NAMES: Mapping[str, str] = {
    AccountState.INVITED: "invité",
    AccountState.ACTIVE: "actif",
    AccountState.SUSPENDED: "suspendu",
    AccountState.LEAVING: "partant",
}
ORIGINS: Mapping[str, PostingSource] = {
    "intervenant": PostingSource.SPONSOR, "intervenante": PostingSource.SPONSOR,
    "intervenants": PostingSource.SPONSOR, "intervenant exterieur": PostingSource.SPONSOR,
    "contributor": PostingSource.SPONSOR, "contributors": PostingSource.SPONSOR,
    "import": PostingSource.FEED, "annuaire": PostingSource.FEED, "feed": PostingSource.FEED,
    "saisie": PostingSource.HAND, "main": PostingSource.HAND, "hand": PostingSource.HAND,
}  # fmt: skip
ORIGIN_NAMES: Mapping[str, str] = {
    PostingSource.SPONSOR: "intervenant",
    PostingSource.FEED: "import",
    PostingSource.HAND: "saisie",
}
FUNCTIONS: Mapping[str, str] = {
    "enseignant": "ENS", "enseignants": "ENS", "enseignement": "ENS", "professeur": "ENS",
    "professeurs": "ENS", "teacher": "ENS", "teachers": "ENS", "teaching": "ENS",
    "direction": "DIR", "chef": "DIR", "chefs": "DIR", "head": "DIR", "heads": "DIR",
    "documentation": "DOC", "documentaliste": "DOC", "documentalistes": "DOC", "librarian": "DOC",
    "education": "EDU", "cpe": "EDU", "administration": "ADF", "travaux": "CTR", "chef de travaux": "CTR",
    "chefs de travaux": "CTR", "ddfpt": "CTR", "orientation": "ORI", "surveillance": "SUR", "sante": "MDS",
    "infirmerie": "MDS", "laboratoire": "LAB",
}  # fmt: skip
# The functions of the national feed, in words: French, English.
FUNCTION_WORDS: Mapping[str, tuple[str, str]] = {
    "ENS": ("enseignement", "teaching"),
    "DIR": ("direction", "headship"),
    "DOC": ("documentation", "library"),
    "EDU": ("éducation", "pupil welfare"),
    "ADF": ("administration", "administration"),
    "ADA": ("administration académique", "academy administration"),
    "CTR": ("direction déléguée aux formations", "technical training"),
    "AED": ("assistance d’éducation", "education assistance"),
    "SUR": ("surveillance", "supervision"),
    "AEH": ("accompagnement des élèves handicapés", "support of disabled pupils"),
    "CFC": ("formation continue", "adult education"),
    "FIJ": ("insertion des jeunes", "work placement"),
    "AES": ("accompagnement des élèves", "support of pupils"),
    "ORI": ("orientation", "careers guidance"),
    "MDS": ("santé", "health"),
    "ASS": ("service social", "social service"),
    "LAB": ("laboratoire", "laboratory"),
    "OUV": ("service technique", "technical service"),
}
# A level as it is said, to how the names of its classes begin. "3e" is the level, "3E" a class.
_LEVELS = (
    (re.compile(r"([3-6])(?:e|[eè]me)\*?"), r"\1*"),
    (re.compile(r"(?:2de|2nde|seconde)\*?"), "2*"),
    (re.compile(r"(?:1re|1[eè]re|première)\*?"), "1*"),
    (re.compile(r"(?:tle|terminale)\*?"), "T*"),
)
_WITH_STAR = frozenset(
    {Field.SCHOOL, Field.CITY, Field.KIND, Field.NETWORK, Field.SUBJECT, Field.CLASS, Field.PRINCIPAL}
)
_UAI = re.compile(r"[0-9]{7}[A-Za-z]")
_SHAPES: Mapping[Field, re.Pattern[str]] = {
    Field.FUNCTION: re.compile(r"[A-Z0-9-]{1,10}"),
    Field.DEPARTMENT: re.compile(r"[0-9]{2,3}|2[AB]"),
    Field.DOMAIN: re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"),
    Field.GROUP: re.compile(r"[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?"),
}
LONGEST_VALUE = 100


class BadValue(ValueError):
    """What was written isn't a value of this field: in French and in English."""

    def __init__(self, french: str, english: str) -> None:
        super().__init__(english)
        self.french = french
        self.english = english


def value_of(field: Field, written: str) -> str:
    """WRITTEN as FIELD's values are compared. Raises BadValue."""
    text = unicodedata.normalize("NFC", " ".join(written.split()))
    if not text or len(text) > LONGEST_VALUE:
        raise BadValue(
            f"Une valeur compte de 1 à {LONGEST_VALUE} signes.", f"A value has 1 to {LONGEST_VALUE} signs."
        )
    if STAR in text:
        _check_star(field, text)
    if text == STAR:
        return text
    return _shaped(field, text)


def _check_star(field: Field, text: str) -> None:
    if text.index(STAR) != len(text) - 1:
        raise BadValue("L’étoile ne va qu’à la fin : 3*.", "The star only goes at the end: 3*.")
    alone = text == STAR and field not in {Field.STATE, Field.GROUP, Field.DOMAIN, Field.ORIGIN}
    if not alone and (field not in _WITH_STAR or len(text) == 1):
        raise BadValue("L’étoile ne va pas avec ce critère.", "The star doesn’t go with this criterion.")


def _shaped(field: Field, text: str) -> str:
    if field in {Field.CLASS, Field.PRINCIPAL}:
        return _level(text)
    if field == Field.SCHOOL:
        return text.upper() if _UAI.fullmatch(text) else text
    if field == Field.STATE:
        return _state(text)
    if field == Field.ORIGIN:
        return _origin(text)
    text = _CLEANED.get(field, str)(text)
    shape = _SHAPES.get(field)
    if shape is not None and not shape.fullmatch(text):
        raise BadValue(*_WRONG[field])
    return text


_CLEANED = {
    Field.FUNCTION: lambda text: FUNCTIONS.get(fold(text), text.upper()),
    Field.DEPARTMENT: lambda text: text.upper().zfill(2),
    Field.DOMAIN: lambda text: text.lower().removeprefix("@"),
    Field.GROUP: lambda text: text.lower(),
}
_WRONG = {
    Field.FUNCTION: (
        "Une fonction est un code (ENS, DIR, DOC…) ou un mot comme « enseignant ».",
        "A function is a code (ENS, DIR, DOC…) or a word like “teacher”.",
    ),
    Field.DEPARTMENT: (
        "Un département est un numéro : 76, 2A, 974.",
        "A department is a number: 76, 2A, 974.",
    ),
    Field.DOMAIN: (
        "Un domaine s’écrit comme dans une adresse : ac-rouen.fr.",
        "A domain is written as in an address: ac-rouen.fr.",
    ),
    Field.GROUP: (
        "Un groupe est nommé par son nom court : lettres sans accent, chiffres, traits d’union.",
        "A group is named by its short name: plain letters, digits, hyphens.",
    ),
}


def _level(text: str) -> str:
    for shape, beginning in _LEVELS:
        if found := shape.fullmatch(text):
            return found.expand(beginning)
    return text


def _state(text: str) -> str:
    state = STATES.get(fold(text))
    if state is None:
        raise BadValue(
            "Un état est : invité, actif, suspendu ou partant.",
            "A state is: invited, active, suspended or leaving.",
        )
    return state.value


def _origin(text: str) -> str:
    origin = ORIGINS.get(fold(text))
    if origin is None:
        raise BadValue(
            "Une origine est : intervenant, import ou saisie.",
            "An origin is: contributor, feed or hand.",
        )
    return origin.value


def same(wanted: str, there: str) -> bool:
    """Whether a text of the directory is what a rule wants: case and accents apart, star at the end."""
    if wanted == STAR:
        return there != ""
    folded, stored = fold(wanted), fold(there)
    return stored.startswith(folded[:-1]) if folded.endswith(STAR) else stored == folded
