"""Who is writing an answer at this moment, known for a minute and a half: the page that writes says it again.

casier:writing:<mailbox key>  hash: `<email id> <account id>` → unix seconds of the last word and of the first
                              (expires)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from casier.directory.models import Account
from casier.identity.redis_link import answering
from casier.kernel.published import PREFIX
from casier.mailbox.teamwork.team import Team

SECONDS = 90
MOST = 200


@dataclass(frozen=True, slots=True)
class Writing:
    """ACCOUNT_ID has been answering EMAIL_ID since then."""

    email_id: str
    account_id: str
    since: datetime


def say_writing(team: Team, account: Account, email_id: str, now: datetime) -> None:
    """ACCOUNT is answering a message; the others are told when that is new."""
    known = {(one.email_id, one.account_id): one for one in writing_in(team.mailbox_key, now)}
    before = known.get((email_id, account.public_id))
    if before is None and len(known) >= MOST:
        return
    since = before.since if before else now
    key = _key(team.mailbox_key)
    with answering() as redis:
        field = f"{email_id} {account.public_id}"
        redis.hset(key, field, f"{now.timestamp():.0f} {since.timestamp():.0f}")
        redis.expire(key, SECONDS)
    if before is None:
        team.tell(but=account)


def say_stopped(team: Team, account: Account, email_id: str) -> None:
    """The answer was sent, put aside or thrown away."""
    with answering() as redis:
        gone = redis.hdel(_key(team.mailbox_key), f"{email_id} {account.public_id}")
    if gone:
        team.tell(but=account)


def writing_in(mailbox_key: str, now: datetime) -> list[Writing]:
    """Who is answering what in this mailbox, as far as they said so lately."""
    with answering() as redis:
        found = redis.hgetall(_key(mailbox_key))
    rows = []
    for field, value in dict(found).items():
        email_id, _, account_id = _text(field).partition(" ")
        last, _, since = _text(value).partition(" ")
        if now.timestamp() - int(last) < SECONDS:
            rows.append(Writing(email_id, account_id, datetime.fromtimestamp(int(since), UTC)))
    return rows


def _key(mailbox_key: str) -> str:
    return f"{PREFIX}writing:{mailbox_key}"


def _text(value: bytes | str) -> str:
    return value if isinstance(value, str) else value.decode()
