"""What pages and commands say of lists and of acts on many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casier.console.many.acts import DEEDS, ManyAct, Params
from casier.console.many.filters import Filter
from casier.console.measures import size_words, spaced
from casier.console.models import Operation


@dataclass(frozen=True, slots=True)
class ManyWords:
    """An act on many as its pages tell it."""

    verb: str
    effects: tuple[str, ...]


def many_words(act: ManyAct) -> ManyWords:
    """The words for ACT."""
    return {
        ManyAct.SHEETS: ManyWords(
            _("Refaire les feuilles d’arrivée"),
            (
                _("Chaque personne reçoit une nouvelle feuille à imprimer ; l’ancienne ne vaut plus rien."),
                _("Les feuilles se téléchargent d’ici pendant 48 heures, par vous seul."),
            ),
        ),
        ManyAct.SIGN_OUT: ManyWords(
            _("Déconnecter partout"),
            (_("Les sessions ouvertes dans un navigateur se ferment ; les brouillons restent."),),
        ),
        ManyAct.SUSPEND: ManyWords(
            _("Suspendre"),
            (
                _("Les comptes sont hors d’accès partout. Le courrier continue d’arriver."),
                _("Chaque personne en est avertie, avec votre motif."),
            ),
        ),
        ManyAct.RESUME: ManyWords(
            _("Lever les suspensions"),
            (_("Les personnes peuvent de nouveau se connecter, avec le même mot de passe."),),
        ),
        ManyAct.LEAVE: ManyWords(
            _("Faire partir"),
            (
                _("Les comptes fermeront à la fin du délai que fixe la politique de l’académie."),
                _("Chaque personne en est avertie, et peut emporter ses données."),
            ),
        ),
        ManyAct.STAY: ManyWords(_("Annuler les départs"), (_("Les comptes restent ouverts."),)),
        ManyAct.QUOTA: ManyWords(
            _("Fixer la place des boîtes"),
            (_("Une boîte déjà plus pleine garde tout, et ne reçoit plus rien."),),
        ),
        ManyAct.MEMBER: ManyWords(
            _("Ajouter à une boîte fonctionnelle"),
            (_("Qui en est déjà membre garde le rôle qu’il a."),),
        ),
    }[act]


def params_words(act: ManyAct, params: Params) -> str:
    """How ACT is done: until when, how much, where; "" where there is nothing to say."""
    if act is ManyAct.LEAVE and params.get("last_day"):
        day = date.fromisoformat(params["last_day"])
        return _("Dernier jour de service : %(day)s.") % {"day": dateformat.format(day, _("j F Y"))}
    if act is ManyAct.LEAVE:
        return _("Dernier jour de service : aujourd’hui.")
    if act is ManyAct.QUOTA:
        size = params.get("bytes")
        if size is None:
            return _("La place que dit la politique de l’académie.")
        return _("%(size)s par boîte.") % {"size": size_words(size)}
    if act is ManyAct.MEMBER:
        return f"{params.get('name', '')} – {role_words(str(params.get('role', '')))}"
    return ""


def role_words(role: str) -> str:
    """What a member may do."""
    return {
        "read": _("lire"),
        "answer": _("lire et répondre"),
        "manage": _("lire, répondre et gérer les membres"),
    }.get(role, _("lire"))


def way_back(act: ManyAct) -> str:
    """Whether it can be taken back, in words."""
    if DEEDS[act].undo is None:
        return _("Cela ne se défait pas.")
    return _("Cela peut être annulé d’un coup, pour ceux à qui rien d’autre n’est arrivé depuis.")


def status_words(status: str) -> str:
    """How far a line is."""
    return {
        "planned": _("à faire"),
        "refused": _("écarté"),
        "done": _("fait"),
        "skipped": _("non fait"),
        "undone": _("annulé"),
        "kept": _("gardé"),
    }.get(status, _("à faire"))


def operation_words(operation: Operation) -> str:
    """Where an operation stands."""
    return {
        "preparing": _("en préparation"),
        "prepared": _("à vérifier"),
        "waits": _("attend une seconde personne"),
        "running": _("en cours"),
        "done": _("terminé"),
        "undoing": _("annulation en cours"),
        "undone": _("annulé"),
        "dropped": _("abandonné"),
    }.get(operation.state, _("en cours"))


def why_words(code: str) -> str:
    """Why it isn't done to somebody."""
    known = {
        "": "",
        "oneself": _("c’est vous"),
        "not_within": _("hors de votre ressort"),
        "elsewhere": _("autre académie"),
        "is_invited": _("n’a jamais ouvert son compte"),
        "is_active": _("compte déjà ouvert"),
        "is_suspended": _("compte suspendu"),
        "is_leaving": _("déjà sur le départ"),
        "is_closed": _("compte fermé"),
        "is_purged": _("compte effacé"),
        "same": _("déjà ainsi"),
        "member_already": _("déjà membre"),
        "changed_since": _("a changé depuis"),
        "account_held": _("un gel le retient"),
        "wrong_state": _("l’état du compte ne le permet plus"),
        "bad_decision": _("les dates ne le permettent pas"),
        "not_found": _("n’existe plus"),
    }
    return known.get(code, _("n’a pas abouti"))


def filter_words(wanted: Filter, names: dict[str, str]) -> list[str]:
    """What a list means, part by part. NAMES: the words of what is chosen from lists."""
    labels = {
        "q": _("« %(value)s »"),
        "etat": _("état : %(value)s"),
        "uai": _("établissement : %(value)s"),
        "departement": _("département : %(value)s"),
        "reseau": _("réseau : %(value)s"),
        "fonction": _("fonction : %(value)s"),
        "groupe": _("groupe : %(value)s"),
        "active": _("compte déjà ouvert : %(value)s"),
        "vu": _("pas vu depuis %(value)s jours"),
        "plein": _("boîte pleine à %(value)s %% ou plus"),
    }
    return [labels[name] % {"value": names.get(name, value)} for name, value in wanted.facts.items()]


def people_words(count: int) -> str:
    """So many people."""
    return ngettext("%(count)s personne", "%(count)s personnes", count) % {"count": spaced(count)}
