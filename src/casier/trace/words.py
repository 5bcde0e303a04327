"""What happened to a message, in words that a help desk reads out. French, then English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from casier.trace.lines import Event, Kind

Facts = Mapping[str, str]
Pair = tuple[str, str]

# By which road of Postfix a message came.
_ROADS: Final[dict[str, Pair]] = {
    "public": ("d’un autre serveur", "from another server"),
    "clients": ("d’un logiciel de messagerie", "from a mail program"),
    "jmap": ("de la messagerie web", "from the webmail"),
    "redirect": ("d’une règle qui fait suivre", "from a rule that sends on"),
    "platform": ("de la plateforme", "from the platform"),
}
_ACTIONS: Final[dict[str, Pair]] = {
    "no action": ("rien à signaler", "nothing to report"),
    "add header": ("marqué comme indésirable", "marked as junk"),
    "rewrite subject": ("marqué comme indésirable", "marked as junk"),
    "greylist": ("à présenter de nouveau", "to be brought again"),
    "soft reject": ("à présenter de nouveau", "to be brought again"),
    "reject": ("refusé", "refused"),
    "quarantine": ("retenu", "held"),
    "discard": ("écarté", "dropped"),
}
# Whose log can't be read, and what may therefore be missing.
UNREAD: Final[dict[str, Pair]] = {
    "postfix": (
        "Le journal de l’acheminement ne peut pas être lu : ce que sont devenus les messages n’est pas "
        "connu. Prévenez l’exploitation.",
        "The delivery log can’t be read: what became of the messages isn’t known. Tell operations.",
    ),
    "rspamd": (
        "Le journal de l’analyse (indésirables, virus) ne peut pas être lu : ce qu’elle a dit n’est pas "
        "connu.",
        "The scanning log (junk, viruses) can’t be read: what it said isn’t known.",
    ),
    "cyrus": (
        "Le journal des boîtes ne peut pas être lu : dans quel dossier les messages sont rangés n’est pas "
        "connu.",
        "The mailboxes’ log can’t be read: into which folder messages were filed isn’t known.",
    ),
}


def in_words(event: Event, *, french: bool) -> str:
    """EVENT as a sentence."""
    return _SENTENCES[event.kind](event.facts)[0 if french else 1]


def _came(facts: Facts) -> Pair:
    road = _ROADS.get(facts["road"], ("", ""))
    by = facts["login"]
    place = f" ({facts['from']})" if facts["from"] else ""
    return (
        f"Arrivé {road[0]}{place}" + (f", connecté comme {by}" if by else ""),
        f"Came {road[1]}{place}" + (f", signed in as {by}" if by else ""),
    )


def _scanned(facts: Facts) -> Pair:
    action = _ACTIONS.get(facts["action"], (facts["action"], facts["action"]))
    rules = facts["rules"]
    return (
        f"Analysé, {action[0]} ({facts['score'].replace('.', ',')} points{f' : {rules}' if rules else ''})",
        f"Scanned, {action[1]} ({facts['score']} points{f': {rules}' if rules else ''})",
    )


def _refused(facts: Facts) -> Pair:
    to = facts["to"]
    return (
        f"Refusé{f' pour {to}' if to else ''} : « {facts['said']} »",
        f"Refused{f' for {to}' if to else ''}: “{facts['said']}”",
    )


def _put_off(facts: Facts) -> Pair:
    to = facts["to"]
    return (
        f"Refusé pour l’instant{f' pour {to}' if to else ''}, qui l’apporte réessaiera : « {facts['said']} »",
        f"Refused for now{f' for {to}' if to else ''}, who brings it tries again: “{facts['said']}”",
    )


def _ruled(facts: Facts) -> Pair:
    mailbox, name = facts["mailbox"], facts["name"]
    if facts["what"] == "absence":
        return f"Absence en cours ({mailbox})", f"Absence in force ({mailbox})"
    return f"Règle « {name} » appliquée ({mailbox})", f"Rule “{name}” applied ({mailbox})"


def _filed(facts: Facts) -> Pair:
    folder = facts["folder"]
    return (
        f"Rangé dans {f'« {folder} »' if folder else 'la boîte de réception'} ({facts['mailbox']})",
        f"Filed into {f'“{folder}”' if folder else 'the inbox'} ({facts['mailbox']})",
    )


def _whom(facts: Facts) -> Pair:
    """Whom it was for, with the address that led there where it was another one."""
    by = facts["for"]
    if not by or by == facts["to"]:
        return facts["to"], facts["to"]
    return f"{facts['to']} (écrit à {by})", f"{facts['to']} (written to {by})"


def _delivered(facts: Facts) -> Pair:
    french, english = _whom(facts)
    return f"Distribué à {french}", f"Delivered to {english}"


def _sent(facts: Facts) -> Pair:
    french, english = _whom(facts)
    return (
        f"Pris par le serveur {facts['relay']} pour {french} : « {facts['said']} »",
        f"Taken by the server {facts['relay']} for {english}: “{facts['said']}”",
    )


def _waits(facts: Facts) -> Pair:
    french, english = _whom(facts)
    return (
        f"En attente pour {french}, un nouvel essai suivra : « {facts['said']} »",
        f"Waiting for {english}, another try follows: “{facts['said']}”",
    )


def _returned(facts: Facts) -> Pair:
    french, english = _whom(facts)
    return (
        f"Abandonné pour {french}, l’expéditeur est prévenu : « {facts['said']} »",
        f"Given up for {english}, its sender was told: “{facts['said']}”",
    )


_SENTENCES: Final[dict[Kind, Callable[[Facts], Pair]]] = {
    Kind.CAME: _came,
    Kind.SCANNED: _scanned,
    Kind.PUT_OFF: _put_off,
    Kind.REFUSED: _refused,
    Kind.RULED: _ruled,
    Kind.FILED: _filed,
    Kind.DELIVERED: _delivered,
    Kind.SENT: _sent,
    Kind.WAITS: _waits,
    Kind.RETURNED: _returned,
}
