"""What stands on the overview: each part of the way in, its state in a sentence, what it is for, its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casier.directory.models import Account
from casier.identity.activation.api import acceptances
from casier.identity.activation.models import DocumentKind
from casier.identity.api import live_app_passwords
from casier.identity.factors.api import second_factor_of, usable_methods
from casier.identity.means.api import reaches
from casier.identity.models import User
from casier.identity.passwords.expiry import ends_at
from casier.identity.recovery import questions
from casier.policies.api import policy_for


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the way in, as the overview tells it."""

    key: str
    title: str
    state: str
    explanation: str
    url: str
    action: str
    wanting: bool = False  # something should be done


def parts(user: User) -> Iterator[Part]:
    """Every part that the academy's policy has."""
    policy = policy_for(user.account.academy)
    yield _password(user)
    if policy.second_factor.requirement != "off" or usable_methods(user.account):
        yield _second_factor(user)
    yield _means(user)
    if questions.in_use(user.account):
        yield _questions(user)
    if policy.app_passwords.allowed:
        yield _programs(user)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A document that the person accepted, and where it is read again."""

    title: str
    state: str
    url: str


def agreements(account: Account) -> list[Agreement]:
    """What ACCOUNT's person accepted, the newest version of each document."""
    titles = {
        DocumentKind.CHARTER: _("Charte d’utilisation"),
        DocumentKind.PRIVACY: _("Protection des données"),
    }
    # The newest comes first and stays.
    newest: dict[DocumentKind, Agreement] = {}
    for row in acceptances(account):
        kind = DocumentKind(row.kind)
        state = _("Version %(version)s, acceptée le %(day)s.")
        facts = {"version": row.version, "day": _day(row.accepted_at)}
        newest.setdefault(kind, Agreement(titles[kind], state % facts, f"/documents/{kind.value}/"))
    return [newest[kind] for kind in DocumentKind if kind in newest]


def _day(moment: datetime) -> str:
    return dateformat.format(timezone.localtime(moment), _("j F Y"))


def _password(user: User) -> Part:
    changed = user.password_changed_at
    state = _("Choisi le %(day)s.") % {"day": _day(changed)} if changed else _("Aucun mot de passe.")
    if until := ends_at(user, timezone.now()):
        state += " " + _("À renouveler avant le %(day)s.") % {"day": _day(until)}
    return Part(
        "password",
        _("Mot de passe"),
        state,
        _("Il n’ouvre que le site. Personne, pas même l’assistance, ne vous le demandera."),
        "/compte/mot-de-passe/",
        _("Changer"),
    )


def _second_factor(user: User) -> Part:
    names = {
        "totp": _("application sur le téléphone"),
        "webauthn": _("clé de sécurité ou clé d’accès"),
        "sms": _("code par SMS"),
        "voice": _("code par appel vocal"),
    }
    held = [names[method] for method in usable_methods(user.account) if method in names]
    state = ", ".join(held).capitalize() + "." if held else _("Aucun pour l’instant.")
    return Part(
        "factor",
        _("Second facteur"),
        state,
        _("Avec lui, un mot de passe volé ne suffit plus pour ouvrir votre boîte."),
        "/compte/second-facteur/",
        _("Gérer") if held else _("Ajouter"),
        wanting=not held and second_factor_of(user.account).requirement in {"required", "advised"},
    )


def _means(user: User) -> Part:
    # A telephone that takes text and speech is one means.
    hints = list(dict.fromkeys(reach.hint for reach in reaches(user.account)))
    return Part(
        "means",
        _("Moyens de secours"),
        ", ".join(hints) + "." if hints else _("Aucun : vous ne pourriez pas revenir par vous-même."),
        _("Une adresse ou un téléphone à vous, pour revenir si vous oubliez votre mot de passe."),
        "/compte/secours/",
        _("Gérer") if hints else _("Ajouter"),
        wanting=not hints,
    )


def _questions(user: User) -> Part:
    known = bool(questions.questions_of(user.account))
    return Part(
        "questions",
        _("Questions secrètes"),
        _("Enregistrées.") if known else _("Aucune."),
        _("Demandées en plus d’un code, quand vous perdez votre mot de passe. Seules, elles n’ouvrent rien."),
        "/compte/questions/",
        _("Gérer") if known else _("Ajouter"),
    )


def _programs(user: User) -> Part:
    count = live_app_passwords(user.account).count()
    none = _("Aucun appareil.")
    some = ngettext("%(count)d appareil.", "%(count)d appareils.", count) % {"count": count}
    return Part(
        "programs",
        _("Mots de passe d’application"),
        some if count else none,
        _("Un par téléphone ou logiciel : chacun se retire sans toucher aux autres."),
        "/compte/mots-de-passe/",
        _("Gérer"),
    )
