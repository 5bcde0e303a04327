"""What may not stand together in a policy, with the reason for each."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from casier.policies.policy import Policy

# A factor that still works when the telephone is lost or the code can't arrive.
_ALONE_SUFFICIENT = {"totp", "webauthn", "sms", "voice"}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A field, and why it can't stand as it is."""

    field: str
    reason: str


def contradictions(policy: Policy) -> list[Contradiction]:
    """Everything that doesn't hold together; an empty list means a policy that can be put in force."""
    return [found for check in _CHECKS for found in check(policy)]


def _sign_in(policy: Policy) -> Iterator[Contradiction]:
    names = policy.sign_in.names
    if not names:
        yield Contradiction("sign_in.names", "nobody could sign in without a name to type")
    if policy.sign_in.numen_first_only and set(names) <= {"numen"}:
        yield Contradiction("sign_in.numen_first_only", "no other name is left once the account is active")
    if policy.activation.method == "arrival_code" and "arrival_code" not in names:
        yield Contradiction("activation.method", "the code given on arrival must be a name that can be typed")


def _second_factor(policy: Policy) -> Iterator[Contradiction]:
    factor = policy.second_factor
    if factor.requirement != "off" and not _ALONE_SUFFICIENT & set(factor.methods):
        yield Contradiction("second_factor.methods", "recovery codes alone are no second factor")
    if factor.requirement == "contextual" and not factor.contexts:
        yield Contradiction("second_factor.contexts", "asked in set contexts, but none is set")
    if factor.contexts and factor.requirement != "contextual":
        reason = "contexts count only when the requirement is contextual"
        yield Contradiction("second_factor.contexts", reason)
    if factor.enrolment_days and factor.requirement == "off":
        yield Contradiction("second_factor.enrolment_days", "a deadline for something that is off")


def _lock(policy: Policy) -> Iterator[Contradiction]:
    if policy.lock.minutes == 0 and not policy.recovery.methods:
        yield Contradiction("lock.minutes", "a lock that only a reset opens needs a way to reset")


def _sessions(policy: Policy) -> Iterator[Contradiction]:
    sessions = policy.sessions
    if sessions.idle_minutes > sessions.absolute_hours * 60:
        yield Contradiction(
            "sessions.idle_minutes", "longer than the absolute limit, so it would never count"
        )
    if sessions.shared_computer_idle_minutes > sessions.idle_minutes:
        yield Contradiction("sessions.shared_computer_idle_minutes", "a shared computer can't have more time")
    if sessions.warning_seconds >= sessions.shared_computer_idle_minutes * 60:
        yield Contradiction("sessions.warning_seconds", "the warning would stand from the first second")
    if (sessions.one_device == "suspend") != (sessions.suspend_minutes > 0):
        yield Contradiction(
            "sessions.suspend_minutes", "a time is needed when, and only when, a device suspends"
        )


def _password(policy: Policy) -> Iterator[Contradiction]:
    password = policy.password
    if password.min_length < 10:
        yield Contradiction("password.min_length", "fewer than 10 characters are guessed in hours")
    if password.min_length < 12 and password.classes < 3:
        yield Contradiction("password.classes", "under 12 characters, letters, digits and symbols are needed")
    if password.admin_min_length < password.min_length:
        yield Contradiction("password.admin_min_length", "administrators can't have less than everyone")
    if password.long_enough < password.min_length:
        yield Contradiction("password.long_enough", "below the least length, so classes would never count")
    if 0 < password.expires_days <= max(password.notice_days, default=0):
        yield Contradiction("password.expires_days", "the first notice would come before the password is set")


def _recovery(policy: Policy) -> Iterator[Contradiction]:
    methods = set(policy.recovery.methods)
    if not methods:
        yield Contradiction("recovery.methods", "whoever forgets a password would be out for good")
    if methods == {"secret_questions"}:
        yield Contradiction(
            "recovery.methods", "secret questions alone open an account to whoever knows the person"
        )


def _mail(policy: Policy) -> Iterator[Contradiction]:
    mail = policy.mail
    if mail.attachment_bytes > 100_000_000:
        yield Contradiction(
            "mail.attachment_bytes", "the engines take 100 MB at most; larger files go by link"
        )
    if mail.quota_bytes < 4 * mail.attachment_bytes:
        yield Contradiction("mail.quota_bytes", "room for fewer than four of the largest attachments")


def _links(policy: Policy) -> Iterator[Contradiction]:
    links = policy.links
    if links.default_days > links.longest_days:
        yield Contradiction("links.default_days", "longer than the longest")
    if links.quota_bytes < links.largest_bytes:
        yield Contradiction("links.quota_bytes", "no room for one of the largest files")
    if links.outsider_password and not links.outsiders:
        yield Contradiction("links.outsider_password", "a password for outsiders, who are not allowed")


def _leaving(policy: Policy) -> Iterator[Contradiction]:
    leaving = policy.leaving
    if leaving.grace_days_min > leaving.grace_days_max:
        yield Contradiction("leaving.grace_days_min", "more than the most")
    idle = policy.idle_account
    if 0 < idle.deactivate_days <= max(idle.notice_days, default=0):
        yield Contradiction(
            "idle_account.deactivate_days", "the first notice would come before anyone was idle"
        )


def _networks(policy: Policy) -> Iterator[Contradiction]:
    for name in ("own_networks", "allowed_networks"):
        for network in getattr(policy, name):
            try:
                ipaddress.ip_network(network)
            except ValueError:
                yield Contradiction(name, f"{network!r} is not a network; write it as 10.0.0.0/8")


_CHECKS: tuple[Callable[[Policy], Iterator[Contradiction]], ...] = (
    _sign_in,
    _second_factor,
    _lock,
    _sessions,
    _password,
    _recovery,
    _mail,
    _links,
    _leaving,
    _networks,
)
