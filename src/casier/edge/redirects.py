"""Where the rules of a mailbox may send mail on to.

Rules run in the store and may be written by any JMAP client, so this is asked about each message that Sieve
passes on (Rspamd, on the road of redirects), whatever our own form allowed.
"""

from __future__ import annotations

from dataclasses import dataclass

from casier.edge.policy import ALLOWED, Reason, Verdict, deferred, rejected
from casier.edge.records import Records
from casier.edge.srs import is_rewritten
from casier.kernel.errors import Unavailable
from casier.kernel.published import Access, AccountState, Redirects, redirected_key

DAY = 86_400


@dataclass(frozen=True, slots=True)
class RedirectPolicy:
    """The rules of the academies, with what they ask."""

    records: Records

    async def may_redirect(self, login: str, recipients: list[str]) -> Verdict:
        """Whether the rules of LOGIN (a mailbox key; none: a functional mailbox) may reach all RECIPIENTS."""
        targets = [recipient.lower() for recipient in recipients]
        try:
            account = await self.records.owner(login) if login else None
            if account is not None and account.access != Access.OPEN:
                return rejected(Reason.NOT_OPEN)
            if not targets or not all([await self._may_reach(account, target) for target in targets]):
                return rejected(Reason.NOT_TO_THERE)
            return await self._within_limit(account, targets)
        except Unavailable:
            return deferred(Reason.UNAVAILABLE)

    async def _may_reach(self, account: AccountState | None, target: str) -> bool:
        domain = target.rpartition("@")[2]
        if account is None:
            return not is_rewritten(target) and await self.records.is_ours(domain)
        if account.redirects == Redirects.ANYWHERE:
            return True
        # A rewritten sender stands under a domain of ours and leads out again.
        if account.redirects == Redirects.NONE or is_rewritten(target):
            return False
        if await self.records.is_of_academy(domain, account.academy):
            return True
        verified = account.redirects == Redirects.VERIFIED
        return verified and await self.records.is_verified(target, account.mailbox_key)

    async def _within_limit(self, account: AccountState | None, targets: list[str]) -> Verdict:
        if account is None:
            return ALLOWED
        key, most = redirected_key(account.mailbox_key), account.redirect_addresses
        room = await self.records.room_for(key, targets, most, DAY)
        return ALLOWED if room else rejected(Reason.TOO_MANY_TARGETS)
