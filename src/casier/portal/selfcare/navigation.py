"""The pages of the account, in the order in which they are offered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Where it is, and what it is called."""

    url: str
    title: Promise

    def holds(self, path: str) -> bool:
        """Whether PATH is this page or one below it; the overview holds itself alone."""
        return path == self.url or (self.url != "/compte/" and path.startswith(self.url))


# Offered to those alone who have classes whose contacts they may see.
CLASSES: Final = AccountPage("/compte/classes/", _("Mes classes"))
# …to those who open a shared mailbox, or may ask for one.
BOXES: Final = AccountPage("/compte/boites/", _("Boîtes partagées"))
PAGES: Final = (
    AccountPage("/compte/", _("Vue d’ensemble")),
    AccountPage("/compte/mot-de-passe/", _("Mot de passe")),
    AccountPage("/compte/second-facteur/", _("Second facteur")),
    AccountPage("/compte/secours/", _("Moyens de secours")),
    AccountPage("/compte/activite/", _("Activité")),
    AccountPage("/compte/mots-de-passe/", _("Mots de passe d’application")),
    AccountPage("/compte/logiciels/", _("Logiciels de messagerie")),
    AccountPage("/compte/donnees/", _("Mes données")),
    AccountPage("/compte/memo/", _("Votre mémo")),
)
