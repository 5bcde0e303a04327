"""What may not stand together in everyday use."""

from __future__ import annotations

from collections.abc import Iterator

from casier.policies.checking.contradiction import Check, Contradiction
from casier.policies.policy import Policy


def _mail(policy: Policy) -> Iterator[Contradiction]:
    mail = policy.mail
    if mail.attachment_bytes > 100_000_000:
        yield Contradiction(
            "mail.attachment_bytes",
            "the engines take 100 MB at most; larger files go by link",
            "les serveurs prennent 100 Mo au plus ; les fichiers plus gros passent par un lien",
        )
    if mail.quota_bytes < 4 * mail.attachment_bytes:
        yield Contradiction(
            "mail.quota_bytes",
            "room for fewer than four of the largest attachments",
            "moins de place que quatre des plus grosses pièces jointes",
        )


def _links(policy: Policy) -> Iterator[Contradiction]:
    links = policy.links
    if links.default_days > links.longest_days:
        yield Contradiction("links.default_days", "longer than the longest", "plus que la plus longue durée")
    if links.quota_bytes < links.largest_bytes:
        yield Contradiction(
            "links.quota_bytes",
            "no room for one of the largest files",
            "pas de place pour un seul des plus gros fichiers",
        )
    if links.outsider_password and not links.outsiders:
        yield Contradiction(
            "links.outsider_password",
            "a password for outsiders, who are not allowed",
            "un mot de passe pour des personnes extérieures, qui ne sont pas admises",
        )


USING: tuple[Check, ...] = (
    _mail,
    _links,
)
