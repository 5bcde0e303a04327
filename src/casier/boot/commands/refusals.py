"""Refusals of the directory in French: the conditions carry facts and an English sentence."""

from __future__ import annotations

from collections.abc import Mapping

from casier.boot.words import english, say
from casier.kernel.errors import CasierError
from casier.policies.api import BadPolicy

_FRENCH: Mapping[str, str] = {
    "bad_uai": "Ce n’est pas un UAI : sept chiffres et une lettre de contrôle.",
    "bad_address": "« {address} » n’est pas une adresse que l’on puisse donner.",
    "bad_domain": "« {domain} » n’est pas un nom de domaine.",
    "name_without_letters": "Aucune adresse ne peut être formée de ce nom : indiquez-en une.",
    "bad_colour": "Cette couleur ne convient pas : écrivez-la #1a5fb4, assez sombre pour être lue "
    "sur du blanc (contraste de 4,5 au moins).",
    "bad_numen": "Ce n’est pas un NUMEN : deux chiffres, une lettre, sept chiffres, trois lettres.",
    "bad_name": "Une académie demande un nom court (a-z, 0-9, -), un domaine et un hôte valables.",
    "bad_policy": "Cette politique se contredit : {fields}.",
    "unknown_policy_set": "Aucune politique livrée ne porte ce nom.",
    "not_found": "Introuvable dans l’annuaire.",
    "already_there": "Existe déjà dans l’annuaire.",
    "address_taken": "L’adresse est prise, ou réservée à la suite d’un départ.",
    "account_held": "Un gel retient ce compte : levez-le d’abord.",
    "too_early": "Son jour n’est pas venu.",
    "not_leaving": "Ce compte n’est ni sur le départ ni fermé, ou rien ne le retient.",
    "bad_decision": "Décision impossible ({field}) : une date dans le délai de la politique, une adresse ou "
    "un collègue qui peuvent recevoir ce courrier, et toujours un motif.",
    "purge_left": "Il reste quelque chose ; l’effacement sera repris.",
    "not_our_domain": "L’académie n’a pas ce domaine de courrier.",
    "wrong_state": "L’état du compte ne le permet pas.",
    "bad_file": "Le fichier n’est pas lisible : la première ligne doit nommer les colonnes "
    "(prenom;nom;uai;fonction;date_naissance;numen;adresse).",
    "bad_line": "La ligne ne peut pas devenir un compte.",
    "same_person": "Même personne qu’à la ligne {line}.",
    "maybe_known": "Quelqu’un de ce nom est déjà là : les dates de naissance les distingueraient.",
    "no_name": "Il faut un prénom et un nom.",
    "not_an_export": "Ce fichier n’est pas un export du journal.",
    "bad_day": "La date n’est pas lisible : écrivez 31/12/1980 ou 1980-12-31.",
    "unknown_school": "L’académie n’a pas d’établissement avec cet UAI.",
    "bad_announcement": "L’annonce ne convient pas : texte brut de 600 caractères au plus par langue, un "
    "niveau connu, une fin après le début et à venir.",
    "delegation_forbidden": "L’académie ne permet pas d’ouvrir une boîte ainsi.",
    "bad_delegation": "Délégation impossible : autre personne de la même académie, fin après le début et "
    "dans la durée permise, dossiers qui existent.",
    "bad_mandate": "Charge impossible : une autre personne que soi, un établissement de son académie, une "
    "fin à venir, et toujours un motif.",
    "bad_group": "Ce groupe ne convient pas : un nom de 120 signes au plus, un nom court (a-z, 0-9, -), un "
    "seul propriétaire.",
    "group_in_use": "Quelque chose repose sur ce groupe : {uses}.",
    "not_posted": "Cette personne n’a pas d’affectation ici après ce jour.",
    "holds_office": "Cette personne exerce une charge : qui donne les charges doit le faire.",
    "bad_last_day": "Un dernier jour du {first} au {last}.",
    "changed_since": "Quelque chose a changé depuis.",
    "too_late_to_undo": "Il est trop tard pour l’annuler.",
    "not_asked": "La politique de l’académie ne l’admet pas ({field}).",
    "bad_mailbox_request": "La demande ne convient pas ({field}).",
    "already_asked": "C’est déjà demandé, et en attente.",
    "own_request": "Une autre personne doit répondre.",
    "works_elsewhere": "Cette personne travaille dans un autre établissement.",
    "contributors_off": "L’académie n’admet pas d’intervenant extérieur.",
    "bad_contributor": "La demande ne convient pas ({field} : {why}).",
    "too_many_contributors": "L’établissement, ou la personne qui demande, est à la limite de la politique "
    "({most}).",
    "contributor_asked": "C’est déjà demandé, ou la personne intervient déjà dans l’établissement.",
    "nobody_in_charge": "L’établissement n’a personne à sa tête qui puisse en répondre.",
    "not_allowed": "Aucune charge ne le permet.",
    "reason_wanted": "Il faut un motif.",
    "bad_operation": "L’acte en nombre ne convient pas ({field}) : des personnes choisies, un jour, une "
    "place ou une boîte de l’académie.",
    "operation_at_work": "Un autre processus s’en occupe.",
    "not_enough_checks": "L’identité doit être vérifiée d’au moins deux façons, dont une que l’entourage ne "
    "connaît pas.",
    "wrong_step": "Ce n’est pas, ou plus, possible à cette étape.",
    "no_such_reset": "Aucune réinitialisation de ce numéro.",
    "no_such_letter": "Aucune lettre de ce numéro.",
    "bad_moment": "« {moment} » n’est pas un moment : écrivez 2026-12-31 18:00.",
    "bad_service": "Le service ne convient pas : un nom de 60 caractères au plus, des noms d’hôtes.",
    "template_too_long": "La signature compte {most} signes au plus dans chaque forme.",
    "unknown_fields": "Champ inconnu : {fields}. Les champs sont : {known}.",
    "not_in_signature": "Une signature n’admet que des mots, des liens, des listes, des tableaux et des "
    "styles simples : {found}.",
    "signature_empty": "Les deux formes, HTML et texte brut, doivent dire quelque chose.",
    "bad_charter": "L’adresse de la charte doit commencer par https:// : {charter}.",
    "template_refused": "Un modèle demande un nom de 100 signes au plus, un objet de 500 et un texte.",
    "bad_document": "Un document commence par « # Titre » et dit quelque chose dessous ; le français est "
    "obligatoire.",
    "too_many_sheets": "Trop de feuilles pour un fichier : {most} au plus.",
    "copy_under_way": "Une copie se prépare déjà.",
    "copy_not_ready": "La copie n’est pas prête, ou ne l’est plus.",
    "no_such_copy": "Aucune copie de ce numéro.",
    "cannot_erase": "Effacement impossible ({why}).",
    "bad_register": "Le registre n’admet pas cela ({field}) : un champ connu, 1000 signes au plus, un motif.",
    "weak_password": "Le mot de passe est trop faible.",
    "unavailable": "Indisponible pour le moment.",
}


def words_for(error: CasierError) -> str:
    """What to tell a person about ERROR, in their language, with the facts; the code for a search."""
    if isinstance(error, BadPolicy):
        lines = [f"{one.field} : {say(one.french, one.reason)}".lstrip(" :") for one in error.contradictions]
        return "\n".join(
            (
                say(
                    "Cette politique ne peut pas être mise en vigueur.", "This policy can’t be put in force."
                ),
                *lines,
            )
        )
    if error.code == "same_person" and "line" not in error.facts:
        return say("Une autre personne doit le faire.", "Someone else has to do it.") + f" [{error.code}]"
    if english() or error.code not in _FRENCH:
        return f"{error} [{error.code}]"
    return f"{_FRENCH[error.code].format_map(_Facts(error))} [{error.code}] {_which(error)}".rstrip()


class _Facts(dict[str, object]):
    """The facts of an error; one that is missing shows as dots instead of failing."""

    def __init__(self, error: CasierError) -> None:
        super().__init__(error.facts)

    def __missing__(self, key: str) -> str:
        return "…"


def _which(error: CasierError) -> str:
    """The fact that tells which: a UAI, a domain, a state."""
    shown = (
        "slug",
        "uai",
        "expected",
        "address",
        "account",
        "domain",
        "host",
        "state",
        "unknown",
        "missing",
        "contrast",
    )
    facts = [f"{name} : {error.facts[name]}" for name in shown if name in error.facts]
    return f"({', '.join(facts)})" if facts else ""
