"""Of whom a second factor is required, though not of everybody: members of groups that the policy names."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from casier.directory.models import Academy, Account
from casier.groups.api import Group, in_any, live
from casier.policies.api import Contradiction, Policy, policy_for
from casier.policies.policy import SecondFactor


def second_factor_of(account: Account) -> SecondFactor:
    """What the academy's policy asks of ACCOUNT. Costs nothing where it names no group."""
    policy = policy_for(account.academy).second_factor
    if not policy.groups or policy.requirement == "required" or not in_any(account, policy.groups):
        return policy
    return replace(policy, requirement="required")


def unknown_groups(academy: Academy, policy: Policy) -> Iterator[Contradiction]:
    """Groups that aren't there: a slip of the pen would ask nobody."""
    wanted = set(policy.second_factor.groups)
    known = set(live(academy).filter(slug__in=wanted).values_list("slug", flat=True)) if wanted else set()
    for slug in sorted(wanted - known):
        yield Contradiction(
            "second_factor.groups", f"no group is called {slug}", f"aucun groupe ne s’appelle {slug}"
        )


def uses_of(group: Group) -> list[str]:
    """What would no longer be asked of anybody, for who would remove GROUP."""
    named = group.slug in policy_for(group.academy).second_factor.groups
    return ["Politique : second_factor.groups"] if named else []
