"""The facts that the decision about second factors depends on."""

from __future__ import annotations

from datetime import datetime

from casier.directory.mandates import mandates_of
from casier.directory.models import Account
from casier.identity.entry.road import Entry
from casier.identity.factors.deciding import Facts, is_outside
from casier.identity.factors.models import EnrolmentClock, RecoveryCode, Telephone, Totp, WebAuthnKey
from casier.identity.guard import watching
from casier.identity.means import api as means
from casier.policies.api import policy_for
from casier.policies.policy import FactorContext, Policy

# What lies there concerns more people than the one who signs in.
SENSITIVE = ("/console/",)
# As they are proposed: what resists deception first, paper last.
ORDER = ("webauthn", "totp", "sms", "voice", "recovery_codes")


def enrolled(account: Account) -> frozenset[str]:
    """The methods for which ACCOUNT has something that works, whatever the policy says."""
    found = set()
    if WebAuthnKey.objects.filter(account=account, copied_at__isnull=True).exists():
        found.add("webauthn")
    if Totp.objects.filter(account=account).exists():
        found.add("totp")
    if telephones := set(Telephone.objects.filter(account=account).values_list("means_id", flat=True)):
        found |= {reach.kind for reach in means.reaches(account, ("sms", "voice")) if reach.id in telephones}
    if found and RecoveryCode.objects.filter(account=account, used_at__isnull=True).exists():
        found.add("recovery_codes")
    return frozenset(found)


def usable(account: Account, policy: Policy) -> tuple[str, ...]:
    """The methods that ACCOUNT can show and the policy takes; none where it asks for none.

    Codes on paper are a way out where another factor is lost, never the only one.
    """
    if policy.second_factor.requirement == "off":
        return ()
    taken = set(policy.second_factor.methods) & enrolled(account)
    if taken <= {"recovery_codes"}:
        return ()
    return tuple(method for method in ORDER if method in taken)


def facts_of(account: Account, entry: Entry, now: datetime) -> Facts:
    """Everything the decision needs."""
    policy = policy_for(account.academy)
    clock = EnrolmentClock.objects.filter(account=account).first()
    return Facts(
        now=now,
        enrolled=bool(usable(account, policy)),
        began=clock.began_at if clock else None,
        put_off=clock.put_off_at if clock else None,
        contexts=contexts_of(account, entry, policy, now),
    )


def contexts_of(account: Account, entry: Entry, policy: Policy, now: datetime) -> frozenset[FactorContext]:
    """Which of the contexts that a policy may name hold here and now."""
    holds: dict[FactorContext, bool] = {
        "role": mandates_of(account, now).exists(),
        "outside_network": is_outside(entry.source, policy.own_networks),
        "sensitive_service": entry.next_page.startswith(SENSITIVE),
        "unusual": "unusual" in policy.second_factor.contexts and _is_unusual(account, entry, now),
    }
    return frozenset(name for name, does in holds.items() if does)


def _is_unusual(account: Account, entry: Entry, now: datetime) -> bool:
    """Whether the guard finds anything unusual; the browser is known or not as the entry says."""
    return bool(watching.unusual_signs(account, entry, "", now.timestamp()))
