"""What may not stand together in passwords, ways back and mail programs."""

from __future__ import annotations

from collections.abc import Iterator

from casier.policies.checking.contradiction import Check, Contradiction
from casier.policies.policy import Policy

# What goes to an address or a telephone that the person gave.
_BY_MEANS = {"backup_link", "temporary_code", "secret_questions"}
# What somebody of the academy does for the person.
_BY_SOMEONE = {"service_desk", "letter", "ticket"}


def _password(policy: Policy) -> Iterator[Contradiction]:
    password = policy.password
    if password.min_length < 10:
        yield Contradiction(
            "password.min_length",
            "fewer than 10 characters are guessed in hours",
            "moins de 10 caractères se devinent en quelques heures",
        )
    if password.min_length < 12 and password.classes < 3:
        yield Contradiction(
            "password.classes",
            "under 12 characters, letters, digits and symbols are needed",
            "sous 12 caractères, il faut des lettres, des chiffres et des symboles",
        )
    if password.admin_min_length < password.min_length:
        yield Contradiction(
            "password.admin_min_length",
            "administrators can't have less than everyone",
            "les administrateurs ne peuvent pas avoir moins que les autres",
        )
    if password.long_enough < password.min_length:
        yield Contradiction(
            "password.long_enough",
            "below the least length, so classes would never count",
            "sous la longueur minimale : les sortes de caractères ne compteraient jamais",
        )
    yield from _expiry(policy)


def _expiry(policy: Policy) -> Iterator[Contradiction]:
    first = max(policy.password.notice_days, default=0)
    for name in ("expires_days", "admin_expires_days"):
        if 0 < getattr(policy.password, name) <= first:
            yield Contradiction(
                f"password.{name}",
                "the first notice would come before the password is set",
                "le premier avis arriverait avant que le mot de passe soit choisi",
            )


def _recovery(policy: Policy) -> Iterator[Contradiction]:
    methods = set(policy.recovery.methods)
    if not methods:
        yield Contradiction(
            "recovery.methods",
            "whoever forgets a password would be out for good",
            "qui oublie son mot de passe serait dehors pour toujours",
        )
    if methods == {"secret_questions"}:
        yield Contradiction(
            "recovery.methods",
            "secret questions alone open an account to whoever knows the person",
            "des questions secrètes seules ouvrent le compte à qui connaît la personne",
        )
    if methods and methods <= _BY_MEANS and not policy.activation.record_recovery:
        yield Contradiction(
            "activation.record_recovery",
            "recovery needs an address or a telephone, and none is recorded",
            "la récupération demande une adresse ou un téléphone, et aucun n’est enregistré",
        )
    if policy.recovery.four_eyes and not methods & _BY_SOMEONE:
        yield Contradiction(
            "recovery.four_eyes",
            "a second person for resets that nobody does",
            "une seconde personne pour des réinitialisations que personne ne fait",
        )


def _programs(policy: Policy) -> Iterator[Contradiction]:
    programs = policy.app_passwords
    if not programs.allowed and programs.approval != "none":
        yield Contradiction(
            "app_passwords.approval",
            "approval of programs that are not allowed at all",
            "un accord pour des logiciels qui ne sont pas permis",
        )


SECRETS: tuple[Check, ...] = (
    _password,
    _recovery,
    _programs,
)
