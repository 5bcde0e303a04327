"""What other rooms may ask of the means by which a person is reached, and of the codes sent there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from casier.directory.models import Account
from casier.identity.dispatch import api as dispatch
from casier.identity.dispatch.actions import queue_nothing
from casier.identity.dispatch.api import Fate, Letter
from casier.identity.dispatch.gateways.chosen import configured, offers
from casier.identity.means import actions, codes
from casier.identity.means.actions import read_address, read_number, revoke_since
from casier.identity.means.codes import CodePurpose, life_minutes, tries_left
from casier.identity.means.errors import BadMeans, NoSuchMeans, TooManyCodes
from casier.identity.means.limits import Asking, reserve
from casier.identity.means.models import Code, Means, MeansKind
from casier.identity.means.words import code_letter, code_text
from casier.kernel.errors import Unavailable
from casier.policies.api import policy_for

__all__ = [
    "BadMeans",
    "CodePurpose",
    "NoSuchMeans",
    "Reach",
    "TooManyCodes",
    "check_code",
    "check_due",
    "code_fate",
    "means_wanted",
    "pretend_code",
    "reach_of",
    "reached_before",
    "reaches",
    "read_address",
    "read_number",
    "revoke_since",
    "send_code",
    "tell_means",
    "tries_left",
    "write_to",
]

# Purposes of who has shown something already; the others can be asked for by anybody who knows a name.
_PROVED = frozenset({CodePurpose.SECOND_FACTOR, CodePurpose.STEP_UP, CodePurpose.VERIFY})


@dataclass(frozen=True, slots=True)
class Reach:
    """A verified way to a person. A telephone that takes text and speech is two, with one id."""

    id: str
    kind: str  # "mail", "sms", "voice"
    hint: str  # "c•••••@laposte.net", "06 •• •• •• 12": all that a page shows of it


def means_wanted(account: Account) -> bool:
    """Whether the policy wants a backup address or telephone, and none is verified."""
    return actions.wants_means(account) and not actions.verified(account)


def check_due(account: Account, now: datetime) -> bool:
    """Whether it is time to ask again whether the means are still good."""
    days = policy_for(account.academy).recovery.check_days
    if not days:
        return False
    before = now - timedelta(days=days)
    return any(means.checked_at is None or means.checked_at < before for means in actions.verified(account))


def reaches(account: Account, kinds: tuple[str, ...] = ("mail", "sms", "voice")) -> list[Reach]:
    """The verified ways to ACCOUNT of these kinds; a telephone takes text and speech.

    In the order of KINDS. Roads that the instance has no gateway for aren't there.
    """
    mine = actions.verified(account)
    return [reach for kind in kinds for means in mine if (reach := _reach(means, kind)) is not None]


def reached_before(account: Account, moment: datetime) -> bool:
    """Whether one of the ways to ACCOUNT was there, and verified, before MOMENT."""
    known = {reach.id for reach in reaches(account)}
    return Means.objects.filter(id__in=known, added_at__lt=moment, verified_at__lt=moment).exists()


def reach_of(means: Means, kind: str) -> Reach | None:
    """The way that MEANS is, verified or not: for the room that verifies it."""
    return _reach(means, kind)


def send_code(account: Account, reach: Reach, purpose: CodePurpose, *, source: str, language: str) -> str:
    """Send a fresh code; the id of the challenge, to be kept by the visitor's session.

    Raises TooManyCodes, Unavailable (no gateway answers).
    """
    means = actions.means_named(account, reach.id)
    if (means.verified_at is None) != (purpose is CodePurpose.VERIFY):
        raise NoSuchMeans
    telephone = means.kind == MeansKind.TELEPHONE
    _require_road(reach.kind)
    reserve(
        Asking(
            means.value_index, account.public_id, source, purpose in _PROVED, telephone, configured().per_hour
        )
    )
    wanted = None if purpose in _PROVED else policy_for(account.academy).recovery.code_minutes
    with transaction.atomic():
        drawn = codes.draw(account, means, reach.kind, purpose, life_minutes(reach.kind, wanted))
        sent = _send(account, means, reach.kind, drawn, purpose, language)
        Code.objects.filter(challenge=drawn.challenge).update(dispatch=sent)
    return drawn.challenge


def pretend_code(name: str, *, source: str) -> str:
    """What `send_code` answers for somebody who isn't there: a challenge that nothing opens.

    Same limits, same work. NAME: what was typed. Raises TooManyCodes.
    """
    nobody = f"nobody:{name[:254]}"
    reserve(Asking(nobody, nobody, source, proved=False, telephone=False, per_hour=1))
    with transaction.atomic():
        drawn = codes.draw(None, None, "mail", CodePurpose.RECOVERY, life_minutes("mail"))
        sent = queue_nothing("code").id.hex
        Code.objects.filter(challenge=drawn.challenge).update(dispatch=sent)
    return drawn.challenge


def check_code(challenge: str, typed: str, purpose: CodePurpose) -> str:
    """The public id of the account whose code TYPED is; "" when it isn't. It opens once; tries are counted.

    Call it outside a transaction that may be undone: the count of tries would be undone with it.
    """
    row = codes.opens(challenge, typed, purpose)
    return row.account.public_id if row is not None and row.account is not None else ""


def code_fate(challenge: str) -> Fate | None:
    """How far the message with the code is, for the page that waits for it; None when it isn't known."""
    row = codes.row_of(challenge)
    sent = dispatch.fate_of(row.dispatch) if row and row.dispatch and row.account_id else None
    return sent.fate if sent else None


def write_to(
    account: Account, reach: Reach, letter: Letter, *, why: str, until: datetime | None = None
) -> str:
    """Send LETTER to a verified backup address (a link to come back in, say), in the caller's transaction.

    The id of the row in `dispatch`. Raises NoSuchMeans when REACH isn't a verified address of ACCOUNT.
    """
    means = actions.means_named(account, reach.id)
    if means.kind != MeansKind.MAIL or means.verified_at is None:
        raise NoSuchMeans
    return dispatch.write_mail(
        actions.value_of(means), account.academy, letter, why=why, account=account, until=until
    )


def tell_means(account: Account, letter: Letter, text: str, *, why: str, not_by: str = "") -> int:
    """Tell the person by every backup means but NOT_BY: addresses get LETTER, telephones TEXT.

    Means that were replaced or taken away lately are told too. TEXT: 160 characters; "" for none. How many
    were written to.
    """
    count = 0
    for means in actions.told(account, not_by):
        value = actions.value_of(means)
        if means.kind == MeansKind.MAIL:
            dispatch.write_mail(value, account.academy, letter, why=why, account=account)
        elif means.takes_text and text and dispatch.can_text():
            dispatch.write_sms(value, text, why=why, account=account)
        else:
            continue
        count += 1
    return count


def _reach(means: Means, kind: str) -> Reach | None:
    able = {
        "mail": means.kind == MeansKind.MAIL,
        "sms": means.takes_text and offers("sms"),
        "voice": means.speaks and offers("voice"),
    }
    return Reach(means.id.hex, kind, means.hint) if able.get(kind) else None


def _require_road(kind: str) -> None:
    """Raises Unavailable at once where every gateway is known to be silent: nothing is counted or queued."""
    up = {"mail": lambda: True, "sms": dispatch.can_text, "voice": dispatch.can_call}[kind]
    if not up():
        raise Unavailable("no gateway answers", part="telephone")


def _send(
    account: Account, means: Means, road: str, drawn: codes.Drawn, purpose: CodePurpose, language: str
) -> str:
    value, until = actions.value_of(means), drawn.expires_at
    if road == "mail":
        letter = code_letter(account, drawn.code, drawn.minutes, purpose, language)
        return dispatch.write_mail(value, account.academy, letter, why="code", account=account, until=until)
    if road == "sms":
        text = code_text(account, drawn.code, drawn.minutes, language)
        return dispatch.write_sms(value, text, why="code", account=account, until=until)
    return dispatch.call(value, drawn.code, language, why="code", account=account, until=until)
