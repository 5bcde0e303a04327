"""What stands in the messages with a code."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from casier.directory.models import Account
from casier.identity.dispatch.api import Letter
from casier.identity.dispatch.letters import spaced
from casier.identity.means.codes import CodePurpose


def code_letter(account: Account, code: str, minutes: int, purpose: str, language: str) -> Letter:
    """The mail with a code. It holds no link: people are taught to distrust what asks for a click."""
    with translation.override(language):
        facts = {"code": spaced(code), "academy": account.academy.name, "minutes": minutes}
        paragraphs = (
            _what_for(purpose) % facts,
            _("Recopiez ce code dans la page où vous l’avez demandé. Il est valable %(minutes)d minutes.")
            % facts,
            _otherwise(purpose) % facts,
        )
        subject = _("%(code)s : votre code") % facts
        return Letter(subject, paragraphs, language, code=code)


def code_text(account: Account, code: str, minutes: int, language: str) -> str:
    """The text message: within 160 letters, the code first, and whose it is."""
    with translation.override(language):
        facts = {"code": code, "academy": account.academy.name[:40], "minutes": minutes}
        return (
            _("%(code)s : votre code %(academy)s, valable %(minutes)d minutes. Ne le donnez à personne.")
            % facts
        )


def _what_for(purpose: str) -> str:
    match purpose:
        case CodePurpose.VERIFY:
            return _(
                "Voici le code qui montre que cette adresse est la vôtre, pour votre compte %(academy)s :"
            )
        case CodePurpose.RECOVERY:
            return _("Voici le code pour retrouver l’accès à votre compte %(academy)s :")
        case CodePurpose.REPAIR:
            return _("Voici le code pour savoir ce qui bloque votre compte %(academy)s :")
        case _:
            return _("Voici votre code de connexion à votre compte %(academy)s :")


def _otherwise(purpose: str) -> str:
    if purpose == CodePurpose.VERIFY:
        return _(
            "Vous n’avez rien demandé ? Quelqu’un a pu se tromper d’adresse : ignorez ce message, et rien de "
            "plus ne vous sera envoyé. Ne donnez ce code à personne."
        )
    return _(
        "Vous n’avez rien demandé ? Ne donnez ce code à personne, même à quelqu’un qui se présente comme "
        "l’assistance : personne n’a le droit de vous le demander."
    )
