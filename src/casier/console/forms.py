"""What the console's forms share: the reason, and the sentence for each refusal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from casier.console.access import Desk
from casier.console.acting import LONGEST_REASON
from casier.console.counting import waiting_counts
from casier.console.down import unless_down
from casier.directory.mandates import Ability
from casier.kernel.errors import CasierError

REASON = "motif"


@dataclass
class Form:
    """What was typed, and what is wrong with it, field by field."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        return str(self.values.get(REASON, ""))


def form_of(request: HttpRequest, *names: str, told: bool = True) -> Form:
    """The form that was sent; a reason is always asked for. TOLD: the person it is about reads it, too."""
    form = Form({name: request.POST.get(name, "").strip() for name in (REASON, *names)})
    form.values[REASON] = " ".join(form.reason.split())[:LONGEST_REASON]
    if request.method == "POST" and not form.reason:
        form.errors[REASON] = reason_wanted(told=told)
    return form


def reason_wanted(*, told: bool) -> str:
    """What is said where no reason was given: who will read it."""
    if told:
        return _("Écrivez le motif : il est inscrit au journal et montré à la personne.")
    return _("Écrivez le motif : il est inscrit au journal.")


def refused(form: Form, error: CasierError, name: str = REASON) -> None:
    """Put the sentence for ERROR at the field called NAME."""
    form.errors[name] = sentence(error)


def sentence(error: CasierError) -> str:
    """Why it couldn't be done, in words that say what to do."""
    unless_down(error)
    known = {
        "reason_wanted": reason_wanted(told=False),
        "not_enough_checks": _(
            "Vérifiez l’identité d’au moins deux façons, dont une que l’entourage ne connaît pas ; "
            "pour le second facteur, réinitialisez d’abord le mot de passe."
        ),
        "wrong_step": _("Ce n’est plus possible : quelqu’un s’en occupe déjà, ou le délai est passé."),
        "wrong_state": _("L’état du compte ne le permet plus : rechargez la fiche."),
        "same_person": _("Une autre personne que vous doit le faire."),
        "bad_address": _("Écrivez de deux à six lignes d’adresse postale."),
        "bad_mandate": _(
            "Choisissez une autre personne que vous, une partie de son académie et une fin à venir."
        ),
        "already_there": _("Cette charge est déjà exercée."),
        "conclusion_wanted": _("Écrivez ce qui a été constaté et fait."),
    }
    return known.get(error.code) or _("Ce n’est pas possible : %(code)s.") % {"code": error.code}


def page(
    request: HttpRequest, desk: Desk, template: str, facts: dict[str, Any], form: Form | None = None
) -> HttpResponse:
    """TEMPLATE with FACTS; 422 where the form has errors."""
    status = 422 if form and form.errors else 200
    if form is not None:
        facts = {**facts, "form": form, "values": form.values, "errors": form.errors}
    return render(
        request, f"console/{template}.html", {**facts, **_formats(), "rooms": rooms(desk)}, status=status
    )


def _formats() -> dict[str, str]:
    """How moments are written, in the page's language."""
    return {
        "moment": _("l j F, G \\h i"),
        "short": _("j F, G \\h i"),
        "dated": _("j F Y, G \\h i"),
        "clock": _("G \\h i"),
        "weekday_hour": _("l G \\h"),
        "hour_of_day": _("G \\h"),
    }


def rooms(desk: Desk) -> list[dict[str, Any]]:
    """The parts of the console that DESK's offices open, for the navigation, each with its section's name and
    how much waits there.
    """
    counts = waiting_counts(desk)
    return [
        {"section": section, "here": here, "url": url, "title": title, "count": counts.get(here, 0)}
        for section, found in _sections(desk)
        for opens, here, url, title in found
        if opens
    ]


_Room = tuple[bool, str, str, str]


def _sections(desk: Desk) -> list[tuple[str, list[_Room]]]:
    """The sections in their order: whether a room opens, its mark on its own pages, its address, its name."""
    return [
        (_("Personnes"), _of_people(desk)),
        (_("Établissements"), _of_schools(desk)),
        (_("Sécurité"), _of_security(desk)),
        (_("Droits"), _of_rights(desk)),
        (_("Suivi"), _of_looking_back(desk)),
    ]


def _of_people(desk: Desk) -> list[_Room]:
    has = desk.abilities
    return [
        (Ability.SEE_PERSON in has, "home", "/console/", _("Recherche")),
        (Ability.SEE_PERSON in has, "lists", "/console/listes/", _("Listes")),
        (Ability.APPROVE_RESET in has, "requests", "/console/demandes/", _("Demandes")),
        (Ability.RESET in has, "letters", "/console/lettres/", _("Lettres")),
        (Ability.SEE_LIFE in has, "life", "/console/departs/", _("Départs")),
    ]


def _of_schools(desk: Desk) -> list[_Room]:
    has = desk.abilities
    return [
        (Ability.SEE_MAILBOXES in has, "schools", "/console/etablissements/", _("Fiches")),
        (Ability.MANAGE_SCHOOL_MAILBOXES in has, "boxes", "/console/boites/", _("Boîtes d’établissement")),
        (
            bool({Ability.REQUEST_CONTRIBUTOR, Ability.APPROVE_CONTRIBUTOR} & has),
            "contributors",
            "/console/intervenants/",
            _("Intervenants"),
        ),
        (bool(desk.academies(Ability.SEE_GROUPS)), "groups", "/console/groupes/", _("Groupes")),
        (bool(desk.academies(Ability.SEE_FEED)), "feed", "/console/imports/", _("Imports")),
    ]


def _of_security(desk: Desk) -> list[_Room]:
    has, mine = desk.abilities, desk.may(Ability.SEE_POLICY, desk.account.academy)
    return [
        (bool({Ability.UNLOCK, Ability.SEE_ATTACKS} & has), "attacks", "/console/blocages/", _("Blocages")),
        (mine, "policy", "/console/politique/", _("Politique")),
        (bool(desk.academies(Ability.SET_POLICY)), "documents", "/console/documents/", _("Charte et notice")),
    ]


def _of_rights(desk: Desk) -> list[_Room]:
    has = desk.abilities
    return [
        (Ability.GIVE_MANDATES in has, "mandates", "/console/charges/", _("Charges")),
        (Ability.CONFIRM_RIGHTS in has, "reviews", "/console/revues/", _("Revue des droits")),
        (True, "mine", "/console/mes-charges/", _("Mes charges")),
    ]


def _of_looking_back(desk: Desk) -> list[_Room]:
    has = desk.abilities
    return [
        (Ability.SEE_DASHBOARD in has, "dashboard", "/console/tableau/", _("Tableau de bord")),
        (Ability.SEE_JOURNAL in has, "journal", "/console/journal/", _("Journal")),
        (Ability.EXPORT_PERSON in has, "data", "/console/donnees/", _("Droits des personnes")),
        (Ability.SEE_REGISTER in has, "register", "/console/registre/", _("Registre")),
        (Ability.MANAGE_ACADEMIES in desk.abilities, "academies", "/console/academies/", _("Académies")),
    ]
