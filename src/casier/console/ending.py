"""What the console says and offers about the end of accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

from casier.console.down import unless_down
from casier.console.schooling import day_words
from casier.directory.life import ENDED
from casier.directory.models import AccountState
from casier.kernel.errors import CasierError
from casier.life.api import Becomes, HoldKind
from casier.life.calendar import Event
from casier.life.showing import Way


class Deed(StrEnum):
    """What somebody in charge does about it."""

    LEAVE = "leave"
    STAY = "stay"
    FATE = "fate"
    HOLD = "hold"
    LIFT = "lift"
    CLOSE = "close"
    REOPEN = "reopen"


# By the word in the address, in the order in which they are offered.
DEEDS: dict[str, Deed] = {
    "partir": Deed.LEAVE,
    "rester": Deed.STAY,
    "rouvrir": Deed.REOPEN,
    "boite": Deed.FATE,
    "geler": Deed.HOLD,
    "degeler": Deed.LIFT,
    "fermer": Deed.CLOSE,
}


@dataclass(frozen=True, slots=True)
class DeedWords:
    """VERB is the button; EFFECTS, what it does; DONE, what is said afterwards."""

    verb: str
    effects: tuple[str, ...]
    done: str
    danger: bool = False


def deeds_for(way: Way) -> list[Deed]:
    """What can be done to who stands there."""
    ended = way.account.state in ENDED
    fits = {
        Deed.LEAVE: not ended,
        Deed.STAY: way.leaving,
        Deed.FATE: way.departure is not None and not way.purging,
        Deed.HOLD: way.account.state != AccountState.PURGED and not way.purging,
        Deed.LIFT: bool(way.holds),
        Deed.CLOSE: not ended and not way.held,
        Deed.REOPEN: ended and not way.purging,
    }
    return [deed for deed in DEEDS.values() if fits[deed]]


def verb_words(deed: Deed, way: Way) -> str:
    """How DEED is called for who stands there."""
    return _("Changer les dates") if deed is Deed.LEAVE and way.leaving else deed_words(deed).verb


def deed_words(deed: Deed) -> DeedWords:
    """How DEED is offered."""
    return {
        Deed.LEAVE: DeedWords(
            _("Annoncer un départ"),
            (
                _("Le compte reste ouvert jusqu’au jour de fermeture."),
                _("La personne est avertie, et peut emporter une copie de sa boîte."),
                _("Un message d’absence répond à partir du lendemain du dernier jour."),
            ),
            _("Le départ est annoncé."),
        ),
        Deed.STAY: DeedWords(
            _("Annuler le départ"),
            (_("Le compte reste ouvert, le message d’absence est retiré, la personne est avertie."),),
            _("Le départ est annulé."),
        ),
        Deed.FATE: DeedWords(
            _("Décider de la boîte"),
            (_("La décision vaut à partir de la fermeture. La personne en est avertie."),),
            _("La décision est enregistrée."),
        ),
        Deed.HOLD: DeedWords(
            _("Geler"),
            (
                _("Plus aucune échéance ne court : ni fermeture, ni effacement, ni désactivation."),
                _("La personne n’en reçoit pas d’avis."),
                _("Elle peut lire l’acte et son motif dans « Mes données » : écrivez-le en conséquence."),
            ),
            _("Le compte est gelé."),
        ),
        Deed.LIFT: DeedWords(
            _("Lever le gel"),
            (_("Les échéances reprennent, reculées d’autant de jours."),),
            _("Le gel est levé."),
        ),
        Deed.CLOSE: DeedWords(
            _("Fermer maintenant"),
            (
                _("La personne n’entre plus, ses mots de passe d’application prennent fin."),
                _("Ce que la boîte contient est conservé le temps que dit la politique."),
            ),
            _("Le compte est fermé."),
            danger=True,
        ),
        Deed.REOPEN: DeedWords(
            _("Rouvrir le compte"),
            (
                _("Le compte, ses adresses et ses boîtes partagées reviennent ; ses charges, non."),
                _("Après un effacement, le compte est à activer de nouveau, et sa boîte est vide."),
            ),
            _("Le compte est rouvert."),
        ),
    }[deed]


def event_words(event: Event) -> str:
    """What happens that day."""
    return {
        Event.LAST_DAY: _("dernier jour de service"),
        Event.CLOSES: _("fermeture du compte"),
        Event.PURGE: _("effacement de la boîte"),
        Event.IDLE: _("désactivation, compte inutilisé"),
        Event.STAY_ENDS: _("fin d’une intervention extérieure"),
        Event.HOLD_ENDS: _("fin d’un gel"),
        Event.HELD: _("gelé : date à fixer"),
    }[event]


def fate_words(becomes: str, to: str) -> str:
    """What becomes of the mailbox."""
    return {
        Becomes.CLOSED.value: _("courrier refusé"),
        Becomes.REDIRECTED.value: _("courrier redirigé vers %(to)s") % {"to": to},
        Becomes.HANDED.value: _("boîte transmise à %(to)s") % {"to": to},
    }.get(becomes, "")


def hold_words(kind: HoldKind) -> str:
    """Why the clock stands still."""
    return {
        HoldKind.LEGAL: _("procédure"),
        HoldKind.MEDICAL: _("congé de longue durée"),
        HoldKind.OTHER: _("autre"),
    }[kind]


def refusal_words(error: CasierError) -> str:
    """Why it couldn't be done, in words that say what to do."""
    unless_down(error)
    facts = {name: str(value) for name, value in error.facts.items()}
    field = facts.get("field", "")
    if error.code == "bad_decision" and field == "closes_on" and "first" in facts:
        return _("Choisissez un jour du %(first)s au %(last)s : c’est le délai de la politique.") % {
            name: day_words(date.fromisoformat(facts[name])) for name in ("first", "last")
        }
    known = {
        "last_day": _("Écrivez une date, d’ici trois ans au plus."),
        "closes_on": _("Écrivez une date."),
        "until": _("Écrivez une date à venir."),
        "address": _(
            "Le courrier ne peut pas aller à cette adresse : une autre adresse de l’académie, ou une adresse "
            "que la politique admet."
        ),
        "heir": _("Indiquez l’adresse d’un collègue de l’académie, autre que vous et que la personne."),
    }
    if error.code == "bad_decision":
        return known.get(field, _("Écrivez le motif : il est inscrit au journal."))
    return {
        "account_held": _("Un gel retient ce compte : levez-le d’abord."),
        "wrong_state": _("L’état du compte ne le permet plus : rechargez la fiche."),
        "not_leaving": _("Ce compte n’est pas sur le départ."),
    }.get(error.code) or _("Ce n’est pas possible : %(code)s.") % {"code": error.code}
