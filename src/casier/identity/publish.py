"""Writing in Redis what the edge asks of an account. The database is the truth: doing it again is safe."""

from __future__ import annotations

import uuid

from casier.directory.life import ENDED
from casier.directory.models import Account
from casier.directory.publishing import publish_accounts
from casier.identity.models import AppPassword, MailProgram, ProgramState
from casier.identity.redis_link import answering
from casier.kernel import programs, published
from casier.kernel.published import AppPasswordState


def publish_account(account: Account) -> None:
    """Write ACCOUNT's records and its application passwords as they are now. Raises Unavailable."""
    with answering():
        publish_accounts([account.pk])
    publish_app_passwords(account)


def publish_app_passwords(account: Account) -> None:
    """Write the application passwords that work, take away those that don't. Raises Unavailable."""
    closed = account.state in ENDED
    rows = list(AppPassword.objects.filter(account=account))
    approved = _approved([row for row in rows if row.under_approval])
    with answering() as redis:
        pipeline = redis.pipeline(transaction=True)
        for row in rows:
            key, allowed = published.app_password_key(row.mac), programs.programs_key(row.id.hex)
            pipeline.delete(allowed)
            if row.revoked_at or closed:
                pipeline.delete(key)
                continue
            if row.under_approval:
                pipeline.sadd(allowed, programs.UNDER_APPROVAL, *approved[row.id])
            pipeline.set(key, AppPasswordState(account.public_id, row.id.hex, list(row.protocols)).dumps())
        pipeline.execute()


def _approved(rows: list[AppPassword]) -> dict[uuid.UUID, list[str]]:
    """The programs that the owner of ROWS has approved, by application password."""
    pairs: dict[uuid.UUID, list[str]] = {row.id: [] for row in rows}
    if rows:
        found = MailProgram.objects.filter(app_password__in=rows, state=ProgramState.APPROVED)
        for row_id, pair in found.values_list("app_password", "pair"):
            pairs[row_id].append(pair)
    return pairs
