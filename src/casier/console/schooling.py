"""What the console says of a school: functions, what a departure does, why something can't be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casier.console.down import unless_down
from casier.console.forms import sentence
from casier.directory.models import Membership, Posting
from casier.kernel.errors import CasierError
from casier.schools.api import Preview


def function_words(code: str) -> str:
    """A function as the feed codes it."""
    return _functions().get(code, _("autre fonction"))


def function_named(code: str) -> str:
    """A function to choose: in words with its code, which tells two apart; the code alone where unknown."""
    words = _functions().get(code)
    return f"{words} ({code})" if words else code


def _functions() -> dict[str, str]:
    return {
        "ENS": _("enseignement"),
        "DIR": _("direction"),
        "DOC": _("documentation"),
        "EDU": _("vie scolaire"),
        "ORI": _("orientation"),
        "AED": _("assistance éducative"),
        "AEH": _("accompagnement"),
        "ADF": _("administration"),
        "ADA": _("administration"),
        "CFC": _("formation continue"),
        "CTR": _("direction déléguée aux formations"),
        "FIJ": _("insertion"),
        "MDS": _("santé et action sociale"),
    }


def posting_words(row: Posting) -> str:
    """A posting: the label that the feed gives, else its function."""
    return row.label.capitalize() if row.label else function_words(row.function).capitalize()


def counts_words(counts: Counter[str]) -> str:
    """« 42, dont 3 comptes jamais ouverts et 1 sur le départ »: what isn't as usual is named."""
    if not counts.total():
        return _("aucune")
    parts = [
        words % {"number": counts[state]}
        for state, words in (
            ("invited", ngettext("%(number)d jamais entrée", "%(number)d jamais entrées", counts["invited"])),
            ("suspended", ngettext("%(number)d suspendue", "%(number)d suspendues", counts["suspended"])),
            ("leaving", _("%(number)d sur le départ")),
            ("closed", ngettext("%(number)d compte fermé", "%(number)d comptes fermés", counts["closed"])),
        )
        if counts[state]
    ]
    if not parts:
        return str(counts.total())
    return _("%(all)d, dont %(parts)s") % {"all": counts.total(), "parts": ", ".join(parts)}


def day_words(day: date | None) -> str:
    """« 24 novembre 2026 »."""
    return dateformat.format(day, _("j F Y")) if day else ""


def effects(seen: Preview) -> list[str]:
    """Exactly what a departure does, line by line."""
    day, school = day_words(seen.last_day), seen.school.name
    found = [
        _("%(posting)s, %(school)s : dernier jour le %(day)s.")
        % {"posting": posting_words(row), "school": school, "day": day}
        for row in seen.ends
    ]
    if seen.replaces:
        instead = _("Ce départ remplace celui qui était annoncé pour le %(day)s.")
        found.insert(0, instead % {"day": day_words(seen.replaces)})
    if seen.memberships:
        names = _quoted(seen.memberships)
        found.append(
            ngettext(
                "La boîte %(names)s ne lui est plus ouverte ; ses gestionnaires le savent.",
                "Les boîtes %(names)s ne lui sont plus ouvertes ; leurs gestionnaires le savent.",
                len(seen.memberships),
            )
            % {"names": names}
        )
    if seen.kept:
        names = _quoted(seen.kept)
        found.append(
            _("Reste membre de %(names)s : nommé sans affectation ici. Au besoin, retirez-le à part.")
            % {"names": names}
        )
    if seen.offices:
        found.append(
            _("Ses charges pour cet établissement prennent fin ; elles ne reviennent pas d’elles-mêmes.")
        )
    return [*found, *_account(seen)]


def _quoted(rows: Iterable[Membership]) -> str:
    return ", ".join(_("« %(name)s »") % {"name": row.mailbox.name} for row in rows)


def _account(seen: Preview) -> list[str]:
    """What becomes of the account."""
    closing = day_words(seen.closes_on)
    if seen.at_once:
        return [
            _("Son compte ferme aujourd’hui : sessions et mots de passe d’application prennent fin."),
            _("Cela ne pourra pas être annulé ici : seule l’assistance de l’académie rouvre un compte."),
        ]
    if seen.goes_already:
        return [_("Son compte est déjà sur le départ ; ses dates ne changent pas."), _undo()]
    if not seen.leaves:
        return [
            _("Cette personne travaille aussi ailleurs : son compte, son adresse et sa boîte restent."),
            _undo(),
        ]
    when = (
        _("Plus aucune affectation ne reste : le compte fermera le %(day)s.") % {"day": closing}
        if closing
        else _("Plus aucune affectation ne reste : le compte fermera, mais un gel repousse la date.")
    )
    return [
        when,
        _("Jusque-là, tout fonctionne, et la personne est invitée à emporter une copie de son courrier."),
        _("Ce jour-là, sessions, mots de passe d’application et accès donnés à des collègues prennent fin."),
        _("L’établissement et la DSI peuvent l’annuler jusqu’à la fermeture."),
    ]


def _undo() -> str:
    return _("L’établissement et la DSI peuvent encore l’annuler ensuite.")


def why_not(error: CasierError) -> str:
    """Why it couldn't be done, in words that say what to do."""
    unless_down(error)
    if error.code == "not_asked":
        return _not_asked(str(error.facts.get("field", "")), str(error.facts.get("most", "")))
    if error.code == "works_elsewhere":
        return _("Cette personne travaille dans un autre établissement : la politique ne l’admet pas.")
    known = {
        "not_posted": _("Cette personne n’a pas d’affectation ici après ce jour."),
        "holds_office": _("Cette personne exerce une charge : demandez son départ à la DSI."),
        "bad_last_day": _("Choisissez un jour d’aujourd’hui à la limite que la politique admet."),
        "changed_since": _("Quelque chose a changé depuis : relisez ce qui suit, puis confirmez."),
        "too_late_to_undo": _("Il est trop tard pour l’annuler ici : appelez l’assistance."),
        "bad_decision": _("Le courrier ne peut pas aller là."),
        "bad_mailbox_request": _("Écrivez deux lettres ou plus : « gestion », « vie scolaire »."),
        "bad_address": _(
            "Écrivez des lettres sans accent et des chiffres, avec « . », « - » ou « _ » entre eux."
        ),
        "not_our_domain": _("Choisissez un domaine de l’académie."),
        "already_asked": _("C’est déjà demandé, et en attente."),
        "address_taken": _("Cette adresse est déjà prise, ou réservée : choisissez un autre nom."),
        "wrong_state": _("Ce n’est plus possible : le compte ou la boîte est fermé."),
        "own_request": _("Une autre personne que vous doit le faire."),
        "wrong_step": _("Quelqu’un a répondu entre-temps."),
        "not_allowed": _("Votre charge ne permet pas cet acte."),
        "not_found": _("Personne n’a ce nom ou cette adresse dans l’académie."),
    }
    return known.get(error.code) or sentence(error)


def _not_asked(field: str, most: str) -> str:
    return {
        "most_mailboxes": _("L’établissement a déjà %(most)s boîtes : demandez à la DSI.") % {"most": most},
        "waiting": _("Trop de vos demandes attendent déjà."),
        "sheets": _("La politique de l’académie réserve les feuilles d’arrivée à l’assistance."),
        "sheets_a_day": _("Vous avez refait %(most)s feuilles en un jour : reprenez demain.")
        % {"most": most},
        "sheet_of_office": _("Cette personne exerce une charge : l’assistance lui remet sa feuille."),
        "sheet_of_contributor": _("C’est un intervenant : remettez son accès depuis « Intervenants »."),
    }.get(field, _("La politique de l’académie ne l’admet pas : voyez avec la DSI."))
