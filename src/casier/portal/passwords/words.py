"""What is said of a password: why it can't be used and what to do, in the person's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casier.identity.entry.road import PasswordDue
from casier.identity.passwords.rules import Fault, Rules, Weakness

_FAULTS: Final[dict[Weakness, Callable[[], str]]] = {
    Weakness.UNTYPABLE: lambda: _(
        "Il contient un caractère invisible, qu’un clavier ne donne pas : écrivez-le à nouveau."
    ),
    Weakness.TOO_FEW_KINDS: lambda: _(
        "Mélangez des lettres, des chiffres et des signes, ou écrivez une phrase plus longue."
    ),
    Weakness.NUMEN: lambda: _("Il contient un NUMEN, que l’administration connaît : retirez-le."),
    Weakness.DATE: lambda: _("Il contient une date entière : une date se devine, retirez-la."),
    Weakness.TELEPHONE: lambda: _("Il contient un téléphone, que d’autres connaissent : retirez-le."),
    Weakness.ADDRESS: lambda: _("Il contient une adresse, que d’autres connaissent : retirez-la."),
    Weakness.NAME: lambda: _(
        "Il est surtout fait de votre nom, de votre établissement ou de votre académie : "
        "ajoutez des mots qui n’ont rien à voir."
    ),
    Weakness.LEAKED: lambda: _(
        "Il a déjà été volé ailleurs, et les pirates l’essaient d’abord : choisissez-en un autre."
    ),
    Weakness.COMMON: lambda: _(
        "Il est fait de mots que l’on essaie d’abord : ajoutez-en d’autres, sans rapport entre eux."
    ),
    Weakness.GUESSABLE: lambda: _("Il se devine trop vite : ajoutez un ou deux mots sans rapport."),
    Weakness.USED_BEFORE: lambda: _("Vous l’avez déjà utilisé, ou presque : choisissez-en un autre."),
    Weakness.PRESENT: lambda: _("C’est presque votre mot de passe actuel : choisissez-en un autre."),
}

STRENGTHS: Final = (
    gettext_lazy("Très faible"),
    gettext_lazy("Faible"),
    gettext_lazy("Moyen"),
    gettext_lazy("Bon"),
    gettext_lazy("Très bon"),
)

WHY: Final = {
    PasswordDue.FIRST: gettext_lazy(
        "Votre compte n’a pas encore de mot de passe. Vous seul connaîtrez celui que vous choisissez ici."
    ),
    PasswordDue.TEMPORARY: gettext_lazy(
        "Le mot de passe qui vous a été remis ne sert qu’une fois. "
        "Remplacez-le par un mot de passe que vous seul connaissez."
    ),
    PasswordDue.EXPIRED: gettext_lazy(
        "Votre mot de passe a dépassé la durée que fixe votre académie. "
        "Choisissez-en un autre : vous entrerez aussitôt. Vos programmes de courrier, eux, continuent."
    ),
    PasswordDue.FORCED: gettext_lazy(
        "Pour protéger votre compte, l’assistance demande que vous changiez de mot de passe avant d’entrer."
    ),
    PasswordDue.FORGOTTEN: gettext_lazy(
        "Vous avez montré qui vous êtes. Choisissez un nouveau mot de passe : l’ancien ne fonctionnera plus."
    ),
}


def sentence_of(fault: Fault) -> str:
    """Why, and what to do."""
    if fault.weakness is Weakness.TOO_SHORT:
        return ngettext(
            "Il est trop court : il manque %(count)d caractère.",
            "Il est trop court : il manque %(count)d caractères.",
            fault.count,
        ) % {"count": fault.count}
    if fault.weakness is Weakness.TOO_LONG:
        return ngettext(
            "Il est trop long : %(count)d caractère de trop.",
            "Il est trop long : %(count)d caractères de trop.",
            fault.count,
        ) % {"count": fault.count}
    return _FAULTS[fault.weakness]()


def rules_in_words(rules: Rules) -> list[str]:
    """The rules, before anything is typed."""
    told = [
        ngettext(
            "Au moins %(count)d caractère ; les espaces comptent.",
            "Au moins %(count)d caractères ; les espaces comptent.",
            rules.minimum_length,
        )
        % {"count": rules.minimum_length}
    ]
    if rules.kinds > 1:
        kinds = (
            _("Des lettres, des chiffres et des signes, sauf à partir de %(count)d caractères.")
            if rules.kinds > 2
            else _("Des lettres et des chiffres ou des signes, sauf à partir de %(count)d caractères.")
        )
        told.append(kinds % {"count": rules.phrase_length})
    told.append(_("Ni votre nom, ni votre établissement, ni une date, ni un mot de passe déjà connu."))
    return told


def in_words(seconds: int) -> str:
    """A delay: « 5 minutes »."""
    if seconds < 60:
        return ngettext("%(count)d seconde", "%(count)d secondes", seconds) % {"count": seconds}
    minutes = -(-seconds // 60)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
