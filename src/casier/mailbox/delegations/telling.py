"""What owner and delegate read in their bell, each in their language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from casier.directory.models import Account, Delegation
from casier.mailbox.notifications.actions import tell

Words = Callable[[Delegation], tuple[str, str]]


def tell_both(row: Delegation, step: str, now: datetime) -> None:
    """STEP: `given` (it begins later), `begun`, `ended`."""
    for account, words in ((row.owner, _FOR_OWNER[step]), (row.delegate, _FOR_DELEGATE[step])):
        with translation.override(_language(account)):
            title, text = words(row)
        tell(account, title, text, f"delegation {row.id.hex} {step} {account.public_id}", now)


def _language(account: Account) -> str:
    user = getattr(account, "user", None)
    return str(user.locale) if user else settings.LANGUAGE_CODE


def _name(account: Account) -> str:
    return account.person.full_name


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def _given_to_you(row: Delegation) -> tuple[str, str]:
    return (
        _("%(name)s vous ouvrira sa boîte le %(day)s")
        % {"name": _name(row.owner), "day": _day(row.starts_at)},
        _("Jusqu’au %(day)s. Elle paraîtra alors à gauche, sous la vôtre.") % {"day": _day(row.last_moment)},
    )


def _begun_for_you(row: Delegation) -> tuple[str, str]:
    return (
        _("%(name)s vous a ouvert sa boîte") % {"name": _name(row.owner)},
        _("Jusqu’au %(day)s. Elle est à gauche, sous la vôtre.") % {"day": _day(row.last_moment)},
    )


def _ended_for_you(row: Delegation) -> tuple[str, str]:
    return (_("La boîte de %(name)s ne vous est plus ouverte") % {"name": _name(row.owner)}, "")


def _given_by_you(row: Delegation) -> tuple[str, str]:
    return (
        _("Votre boîte sera ouverte à %(name)s le %(day)s")
        % {"name": _name(row.delegate), "day": _day(row.starts_at)},
        _("Jusqu’au %(day)s. Vous pouvez y mettre fin dans les réglages.") % {"day": _day(row.last_moment)},
    )


def _begun_by_you(row: Delegation) -> tuple[str, str]:
    return (
        _("Votre boîte est ouverte à %(name)s") % {"name": _name(row.delegate)},
        _("Jusqu’au %(day)s. Vous pouvez y mettre fin dans les réglages.") % {"day": _day(row.last_moment)},
    )


def _ended_by_you(row: Delegation) -> tuple[str, str]:
    return (_("Votre boîte n’est plus ouverte à %(name)s") % {"name": _name(row.delegate)}, "")


_FOR_OWNER: dict[str, Words] = {"given": _given_by_you, "begun": _begun_by_you, "ended": _ended_by_you}
_FOR_DELEGATE: dict[str, Words] = {"given": _given_to_you, "begun": _begun_for_you, "ended": _ended_for_you}
