"""How a contributor gets in for the first time: a message to their own address or telephone, or a sheet.

Both are an invitation like any other: the newest counts. The school gives them to those alone who are nothing
but contributors: a head who could have the way into a colleague's account would be that colleague.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from casier.audit.api import Actor, record
from casier.contributors.access import NIGHT, acting, lock_stay
from casier.contributors.errors import WrongStep
from casier.contributors.models import Stay
from casier.contributors.neighbours import is_neighbour
from casier.contributors.sealing import opened
from casier.directory.access import primary_address
from casier.directory.mandates import Ability
from casier.directory.models import AccountState
from casier.identity.activation.api import invite, live_invitation
from casier.identity.activation.codes import grouped
from casier.identity.activation.inviting import Invited
from casier.identity.activation.models import InvitationKind
from casier.identity.activation.sheets import page_for, print_sheets, sheet_of
from casier.identity.dispatch import api as dispatch
from casier.kernel.errors import NotAllowed
from casier.life.clocks import day_of, is_occasional
from casier.policies.api import policy_for

WHY = "invitation"


def may_be_given(stay: Stay, now: datetime) -> bool:
    """Whether there is a way in to give: nobody has come in yet, and it is the school's to give."""
    begun = stay.posting.starts_on is None or stay.posting.starts_on <= day_of(now)
    waits = stay.account.state == AccountState.INVITED and stay.ended_on is None
    return begun and waits and _is_the_schools(stay)


def give_if_due(stay: Stay, now: datetime) -> bool:
    """Send the way in on the first day, where there is somewhere to send it; whether it was sent.

    Inside a transaction, with the stay's row locked. Once: afterwards somebody asks for it.
    """
    if stay.way_in_at is not None or not may_be_given(stay, now) or live_invitation(stay.account):
        return False
    return _send(stay, NIGHT, now)


def send_again(stay: Stay, *, by: Actor, now: datetime) -> bool:
    """Send the way in anew; what was given before opens nothing any more. False: nowhere to send it.

    Raises NotAllowed, WrongStep.
    """
    with transaction.atomic():
        locked = _ready(stay, by, now)
        return _send(locked, by, now)


def printed(stay: Stay, *, by: Actor, now: datetime) -> bytes:
    """The sheet to hand over, as PDF; what was given before opens nothing any more.

    Raises NotAllowed, WrongStep.
    """
    with transaction.atomic():
        locked = _ready(stay, by, now)
        invited = invite(locked.account, by=by, reason=_reason(locked), now=now)
        _note(locked, "sheet", by, now)
        return print_sheets(locked.account.academy, [sheet_of(invited)])


def _ready(stay: Stay, by: Actor, now: datetime) -> Stay:
    locked = lock_stay(stay)
    acting(by, locked.school, now, Ability.REQUEST_CONTRIBUTOR)
    if not _is_the_schools(locked):
        raise NotAllowed("They are more than a contributor: their way in is the help desk's to give.")
    if not may_be_given(locked, now):
        raise WrongStep("The account is open, or its time hasn't come.")
    return locked


def _is_the_schools(stay: Stay) -> bool:
    """Whether the way in is the school's to give: that of a contributor and no more, of its own academy."""
    return is_occasional(stay.account) and not is_neighbour(stay)


def _send(stay: Stay, by: Actor, now: datetime) -> bool:
    mail, telephone = opened(stay)
    texts = bool(telephone) and dispatch.can_text()
    if policy_for(stay.account.academy).contributors.way_in != "message" or not (mail or texts):
        return False
    invited = invite(stay.account, by=by, reason=_reason(stay), now=now)
    with translation.override("fr"):
        if texts:
            dispatch.write_sms(
                telephone, _text(invited), why=WHY, account=stay.account, until=invited.row.expires_at
            )
        if mail:
            # What opens the account goes by one road alone, where there are two.
            letter = _letter(stay, invited, with_secret=not texts)
            dispatch.write_mail(
                mail, stay.account.academy, letter, why=WHY, account=stay.account,
                until=invited.row.expires_at,
            )  # fmt: skip
    _note(stay, "sms" if texts else "mail", by, now)
    return True


def _note(stay: Stay, road: str, by: Actor, now: datetime) -> None:
    stay.way_in_at = now
    stay.save(update_fields=["way_in_at"])
    record(
        by, "contributor.way_in_given", f"account:{stay.account.public_id}", _reason(stay),
        academy=stay.school.academy.slug, at=now, school=stay.school.uai, by=road,
    )  # fmt: skip


def _reason(stay: Stay) -> str:
    return f"contributor at {stay.school.uai}"


def _secret(invited: Invited) -> str:
    if invited.secret is None:
        return ""
    coded = invited.row.kind == InvitationKind.ARRIVAL_CODE
    return grouped(invited.secret) if coded else invited.secret.reveal()


def _secret_words(invited: Invited) -> str:
    """What the secret is called."""
    if invited.secret is None:
        return ""
    coded = invited.row.kind == InvitationKind.ARRIVAL_CODE
    words = _("code d’arrivée : %(secret)s") if coded else _("mot de passe temporaire : %(secret)s")
    return words % {"secret": _secret(invited)}


def _text(invited: Invited) -> str:
    """A text message: short, without a link that could be another's."""
    return _("%(academy)s, messagerie : %(secret)s. À taper une seule fois, à ne donner à personne.") % {
        "academy": invited.account.academy.name,
        "secret": _secret_words(invited),
    }


def _letter(stay: Stay, invited: Invited, *, with_secret: bool) -> dispatch.Letter:
    address = primary_address(stay.account)
    opens = (
        _secret_words(invited)[:1].upper() + _secret_words(invited)[1:]
        if with_secret
        else _("Ce qui l’ouvre vous est envoyé à part, par SMS.")
    )
    paragraphs = (
        _("Une boîte académique vous est ouverte pour votre intervention : %(school)s, jusqu’au %(day)s.")
        % {"school": stay.school.name, "day": f"{stay.posting.ends_on:%d/%m/%Y}"},
        _("Votre adresse : %(address)s") % {"address": address},
        opens,
        _("Ouvrez la page, lisez la charte et choisissez un mot de passe : la boîte s’ouvre."),
        _("Si vous n’attendiez pas ce message, ne faites rien : sans vous, rien ne s’ouvre."),
    )
    link = (_("Ouvrir ma boîte"), page_for(invited))
    return dispatch.Letter(_("Votre boîte académique"), paragraphs, "fr", link=link)
