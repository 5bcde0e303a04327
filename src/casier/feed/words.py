"""What the lines of a run say to a person, in French and in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from casier.feed.reading import words as reading
from casier.kernel.words import Words

STATES: Final[dict[str, Words]] = {
    "reading": ("en lecture", "being read"),
    "looked_at": ("prêt à appliquer", "ready to apply"),
    "stopped": ("arrêté : à confirmer", "stopped: to be confirmed"),
    "applying": ("en cours d’application", "being applied"),
    "applied": ("appliqué", "applied"),
    "undoing": ("en cours d’annulation", "being undone"),
    "undone": ("annulé", "undone"),
    "failed": ("illisible", "unreadable"),
}
VERBS: Final[dict[str, Words]] = {
    "create": ("à créer", "to create"),
    "change": ("à modifier", "to change"),
    "return": ("de retour", "back"),
    "leave": ("en partance", "leaving"),
    "review": ("à vérifier", "to review"),
    "ignore": ("à ignorer", "to ignore"),
    "refuse": ("refus", "refused"),
    "same": ("sans changement", "unchanged"),
    "read": ("au total", "in all"),
}
SUBJECTS: Final[dict[str, Words]] = {
    "school": ("établissements", "schools"),
    "person": ("personnes", "people"),
    "record": ("fiches illisibles", "unreadable records"),
    "pupil": ("élèves (jamais de compte)", "pupils (never an account)"),
    "parent": ("responsables (jamais de compte)", "parents (never an account)"),
}
STATUSES: Final[dict[str, Words]] = {
    "told": ("rien à faire", "nothing to do"),
    "planned": ("prévu", "planned"),
    "done": ("fait", "done"),
    "skipped": ("non fait", "not done"),
    "undone": ("annulé", "undone"),
    "kept": ("gardé", "kept"),
}

# Why a line is what it is; {…} are its facts.
CODES: Final[dict[str, Words]] = {
    # people
    "new": ("Nouveau dans l’annuaire.", "New in the directory."),
    "renamed": (
        "Nom changé : une nouvelle adresse, l’ancienne continue de recevoir.",
        "Another name: a new address, the old one keeps arriving.",
    ),
    "moved": ("Nouvelle affectation, l’ancienne prend fin.", "A new posting, the old one ends."),
    "posting_added": ("Une affectation de plus.", "One more posting."),
    "posting_ended": ("Une affectation prend fin.", "A posting ends."),
    "posting_changed": (
        "Matières, classes ou dates d’une affectation.",
        "Subjects, classes or dates of a posting.",
    ),
    "recognised": ("Reconnu : rattaché à sa fiche.", "Recognised: tied to their record."),
    "details": ("Coordonnées complétées.", "Details completed."),
    "back": ("De retour : le compte reste ou rouvre.", "Back: the account stays or opens again."),
    "left": ("Plus aucune affectation : le départ commence.", "No posting is left: leaving begins."),
    "held": (
        "Plus aucune affectation, mais une conservation est demandée : le compte reste.",
        "No posting is left, but a hold keeps the account.",
    ),
    "other_posting": (
        "L’import ne le nomme plus ; une autre affectation demeure.",
        "The feed no longer names them; another posting remains.",
    ),
    "out_already": ("Déjà parti.", "Gone already."),
    "leaving_by_hand": (
        "Quelqu’un a engagé ce départ : l’import n’y touche pas.",
        "Somebody began this departure: the feed leaves it alone.",
    ),
    "sent_away": (
        "Un responsable a dit son départ de {away} : l’import n’y touche pas. Si l’import a raison, "
        "annulez ce départ sur la page de l’établissement.",
        "Somebody in charge said that they left {away}: the feed leaves that alone. If the feed is right, "
        "take the departure back on the school’s page.",
    ),
    "closed_by_hand": (
        "Quelqu’un a fermé ce compte : l’import ne le rouvre pas.",
        "Somebody closed this account: the feed doesn’t open it again.",
    ),
    "no_posting": ("Aucune fonction dans l’import : pas de compte.", "No function in the feed: no account."),
    "unknown_school": (
        "Aucun des établissements nommés n’est connu ({schools}).",
        "None of the schools named is known ({schools}).",
    ),
    "unknown_person": (
        "L’annuaire ne connaît pas cette personne. Pour un ajout, il faut une fiche entière : importez "
        "d’abord les fichiers complets.",
        "The directory doesn’t know this person. A newcomer needs a whole record: import the complete "
        "files first.",
    ),
    "same_person": (
        "Même personne qu’une autre fiche ({other}).",
        "Same person as another record ({other}).",
    ),
    "same_key": (
        "Une autre fiche de l’import porte déjà l’identifiant {other}. Gardez-en une seule, ou donnez à "
        "chacune le sien.",
        "Another record of the feed has the key {other} already. Keep one of them, or give each its own.",
    ),
    "same_numen": (
        "Une autre fiche de l’import porte déjà ce NUMEN. Corrigez celle des deux qui se trompe.",
        "Another record of the feed has this NUMEN already. Correct the one that is wrong.",
    ),
    "no_name": ("Il faut un prénom et un nom.", "A given name and a family name are needed."),
    "no_letters": (
        "Aucune adresse ne peut être formée de ce nom : créez le compte à la main.",
        "No address can be made from this name: make the account by hand.",
    ),
    "bad_key": ("L’identifiant est trop long.", "The key is too long."),
    # doubts
    "maybe_same": ("Homonyme possible : à vérifier.", "Maybe somebody of the same name: to be reviewed."),
    "several": ("Plusieurs homonymes possibles.", "Several people of the same name."),
    "other_academy": (
        "Peut-être quelqu’un d’une autre académie.",
        "Maybe somebody of another academy.",
    ),
    "twin": (
        "Même nom et même naissance qu’une autre fiche de l’import.",
        "Same name and birth date as another record of the feed.",
    ),
    "key_reused": (
        "L’identifiant est connu, mais sous un autre nom, et aucune date de naissance ne dit que c’est la "
        "même personne.",
        "The key is known, but by another name, and no birth date says that it is the same person.",
    ),
    "numen_conflict": (
        "Le NUMEN contredit le reste de la fiche. Il sera à la personne que vous direz, et à elle seule.",
        "The NUMEN contradicts the rest of the record. It will be that of whom you name, and of nobody else.",
    ),
    # schools
    "reopened": ("De nouveau dans l’import.", "In the feed again."),
    "school_gone": ("N’est plus dans l’import.", "No longer in the feed."),
    "bad_uai": ("L’UAI n’en est pas un ({value}{uai}).", "Not a UAI ({value}{uai})."),
    "no_uai": ("Il faut un UAI.", "A UAI is needed."),
    "no_school_name": ("Il faut un nom d’établissement.", "A school needs a name."),
    "same_school": ("Même UAI qu’une autre fiche ({uai}).", "Same UAI as another record ({uai})."),
    "school_elsewhere": (
        "L’UAI {uai} est d’une autre académie.",
        "The UAI {uai} is another academy’s.",
    ),
    "uai_changed": (
        "L’UAI aurait changé ({before} → {uai}) : à faire à la main.",
        "The UAI would change ({before} → {uai}): to be done by hand.",
    ),
    "unknown_school_record": (
        "L’annuaire ne connaît pas cet établissement.",
        "The directory doesn’t know this school.",
    ),
    # what became of a line
    "changed_since": (
        "L’annuaire avait changé entre-temps : le prochain import y reviendra.",
        "The directory had changed meanwhile: the next run will see to it.",
    ),
    "used": ("Le compte a servi : il reste.", "The account was used: it stays."),
    "in_use": ("L’établissement sert encore : il reste.", "The school is in use: it stays."),
    "wrong_state": ("L’état du compte ne le permet pas.", "The account’s state doesn’t allow it."),
    # what speaks against applying a run
    "older_files": (
        "Ces fichiers sont du {day}, et l’import {run}, déjà appliqué, était du {later} : les appliquer "
        "reviendrait en arrière.",
        "These files are of {day}, and run {run}, applied already, was of {later}: to apply them would go "
        "back.",
    ),
    # why a run stops
    "too_many_leave": (
        "{count} personnes partiraient, sur {of} : plus que d’habitude (limite : {most}, ou {percent} %).",
        "{count} people of {of} would leave: more than usual (limit: {most}, or {percent}%).",
    ),
    "too_many_schools": (
        "{count} établissements fermeraient, sur {of} : plus que d’habitude.",
        "{count} schools of {of} would close: more than usual.",
    ),
}

# Why files can't be read as a feed, beside what `reading.words` says.
FAULTS: Final[dict[str, Words]] = {
    "one_table": ("Un seul fichier CSV à la fois ({found}).", "One CSV file at a time ({found})."),
}


class _Facts(dict[str, Any]):
    """A fact that is missing leaves nothing."""

    def __missing__(self, key: str) -> str:
        return ""


def told(code: str, facts: Mapping[str, Any], *, english: bool) -> str:
    """The sentence of CODE, of a line or of why a run stopped; the code itself where there is none."""
    words = CODES.get(code)
    if words is None or reading.fits(code, facts):
        return reading.refusal(code, facts, english=english)
    shown = {
        name: ", ".join(map(str, value)) if isinstance(value, list) else value
        for name, value in facts.items()
    }
    return words[int(english)].format_map(_Facts(shown)).replace(" ()", "")


def place(file: str, line: int, number: int, key: str, *, english: bool) -> str:
    """Where a line of a run comes from, and the key by which its source knows it."""
    where = ("ligne", "line")[english] if line else ("fiche", "record")[english]
    named = ("identifiant", "key")[english]
    told = [f"{file}, {where} {line or number}"] if file else []
    return " · ".join([*told, f"{named} {key}"] if key else told)


def fault(facts: Mapping[str, Any], *, english: bool) -> str:
    """Why a run failed or stopped."""
    if facts.get("code") != "bad_feed":
        return told(str(facts.get("code", "")), facts, english=english)
    words = FAULTS.get(str(facts.get("reason", "")))
    if words is None:
        return reading.fault(facts, english=english) or str(facts.get("text", ""))
    return words[int(english)].format_map(_Facts(facts))
