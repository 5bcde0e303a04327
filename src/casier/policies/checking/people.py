"""What may not stand together in what is about people, their accounts and their schools."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casier.policies.checking.contradiction import Check, Contradiction
from casier.policies.policy import Policy

# What an address before the @ may be made of, with the places to fill in.
_PATTERN = re.compile(r"(?:[a-z0-9]+|\{name\}|\{uai\})(?:[._-](?:[a-z0-9]+|\{name\}|\{uai\}))*")

# Of what a closed account held. Who comes back after a school year elsewhere finds it, and the year after;
# long leaves and legal matters are holds, which stop the clock of one person for a reason that is kept.
# Not a bound of the field itself: a policy that was adopted before still has to be read.
LONGEST_KEPT = 730
LONGEST_NOTICE = 90


def _leaving(policy: Policy) -> Iterator[Contradiction]:
    leaving = policy.leaving
    if leaving.grace_days_min > leaving.grace_days_max:
        yield Contradiction("leaving.grace_days_min", "more than the most", "plus que le plus long")
    if not all(1 <= days <= LONGEST_NOTICE for days in leaving.notice_days):
        yield Contradiction(
            "leaving.notice_days",
            f"a reminder comes between a day and {LONGEST_NOTICE} days before",
            f"un rappel part d’un jour à {LONGEST_NOTICE} jours avant",
        )
    if leaving.purge_days > LONGEST_KEPT:
        yield Contradiction(
            "leaving.purge_days",
            f"{LONGEST_KEPT} days at most: nothing justifies keeping the letters of who left for longer; "
            "where somebody's have to be kept, a hold does that",
            f"{LONGEST_KEPT} jours au plus : rien ne justifie de garder plus longtemps le courrier de qui "
            "est parti ; là où il le faut, un gel le garde",
        )
    if leaving.purge_days > leaving.address_reserved_days:
        yield Contradiction(
            "leaving.purge_days",
            "the address could be someone else's while the mailbox is still there",
            "l’adresse pourrait être à une autre personne alors que la boîte existe encore",
        )
    idle = policy.idle_account
    if 0 < idle.deactivate_days <= max(idle.notice_days, default=0):
        yield Contradiction(
            "idle_account.deactivate_days",
            "the first notice would come before anyone was idle",
            "le premier avis arriverait avant que quiconque soit inactif",
        )


def _rights(policy: Policy) -> Iterator[Contradiction]:
    rights = policy.rights
    if max(rights.remind_days, default=0) >= rights.review_days:
        yield Contradiction(
            "rights.remind_days",
            "the first reminder would come before the question",
            "le premier rappel arriverait avant la demande",
        )
    if rights.review_months and rights.review_months * 30 <= rights.review_days:
        yield Contradiction(
            "rights.review_months",
            "the next review would begin before this one is over",
            "la revue suivante commencerait avant la fin de celle-ci",
        )


def _many(policy: Policy) -> Iterator[Contradiction]:
    many = policy.many
    if 0 < many.suspend_second_from < many.close_second_from:
        yield Contradiction(
            "many.close_second_from",
            "closing would need a second person later than suspending, which is undone within a minute",
            "fermer demanderait une seconde personne plus tard que suspendre, qui se défait en une minute",
        )


def _contributors(policy: Policy) -> Iterator[Contradiction]:
    ours = policy.contributors
    if max(ours.warning_days, default=0) >= ours.longest_days:
        yield Contradiction(
            "contributors.warning_days",
            "the first notice would come before the longest stay begins",
            "le premier avis viendrait avant le début du plus long séjour",
        )
    if min(ours.warning_days, default=1) < 1:
        yield Contradiction(
            "contributors.warning_days",
            "a notice on the last day or after it warns nobody",
            "un avis le dernier jour ou après n’avertit personne",
        )
    if 0 < ours.quota_bytes < 4 * policy.mail.attachment_bytes:
        yield Contradiction(
            "contributors.quota_bytes",
            "room for fewer than four of the largest attachments",
            "moins de place que quatre des plus grosses pièces jointes",
        )


def _schools(policy: Policy) -> Iterator[Contradiction]:
    pattern = policy.schools.mailbox_address
    if not _PATTERN.fullmatch(pattern) or pattern.count("{name}") != 1 or pattern.count("{uai}") > 1:
        yield Contradiction(
            "schools.mailbox_address",
            "once {name}, {uai} if wanted, and small letters, digits, dots or hyphens between",
            "{name} une fois, {uai} si l’on veut, et entre eux des minuscules, chiffres, points ou tirets",
        )


PEOPLE: tuple[Check, ...] = (
    _leaving,
    _rights,
    _many,
    _contributors,
    _schools,
)
