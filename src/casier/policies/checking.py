"""What may not stand together in a policy, with the reason for each."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from casier.policies.policy import Policy

# A factor that still works when the telephone is lost or the code can't arrive.
_ALONE_SUFFICIENT = {"totp", "webauthn", "sms", "voice"}
# What goes to an address or a telephone that the person gave.
_BY_MEANS = {"backup_link", "temporary_code", "secret_questions"}
# What an address before the @ may be made of, with the places to fill in.
_PATTERN = re.compile(r"(?:[a-z0-9]+|\{name\}|\{uai\})(?:[._-](?:[a-z0-9]+|\{name\}|\{uai\}))*")
# What somebody of the academy does for the person.
_BY_SOMEONE = {"service_desk", "letter", "ticket"}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A field, and why it can't stand as it is, in both languages."""

    field: str
    reason: str
    french: str


def contradictions(policy: Policy) -> list[Contradiction]:
    """Everything that doesn't hold together; an empty list means a policy that can be put in force."""
    return [found for check in _CHECKS for found in check(policy)]


def _sign_in(policy: Policy) -> Iterator[Contradiction]:
    names = policy.sign_in.names
    if not names:
        yield Contradiction(
            "sign_in.names",
            "nobody could sign in without a name to type",
            "personne ne pourrait se connecter sans identifiant à saisir",
        )
    if policy.sign_in.numen_first_only and set(names) <= {"numen"}:
        yield Contradiction(
            "sign_in.numen_first_only",
            "no other name is left once the account is active",
            "plus aucun identifiant ne resterait une fois le compte actif",
        )
    if policy.sign_in.numen_first_only and "numen" not in names:
        yield Contradiction(
            "sign_in.numen_first_only",
            "the NUMEN is no name that can be typed",
            "le NUMEN ne fait pas partie des identifiants admis",
        )
    if policy.sign_in.passkeys and "webauthn" not in policy.second_factor.methods:
        yield Contradiction(
            "sign_in.passkeys",
            "a passkey opens the account, and none can be enrolled: add webauthn to second_factor.methods",
            "une clé d’accès ouvrirait le compte, mais aucune ne peut être inscrite : "
            "ajoutez webauthn à second_factor.methods",
        )


def _activation(policy: Policy) -> Iterator[Contradiction]:
    activation = policy.activation
    if activation.method == "arrival_code" and "arrival_code" not in policy.sign_in.names:
        yield Contradiction(
            "activation.method",
            "the code given on arrival must be a name that can be typed",
            "le code remis à l’arrivée doit être un identifiant admis",
        )
    if activation.valid_days == 0:
        yield Contradiction(
            "activation.valid_days",
            "the way in would be shut before anyone used it",
            "l’invitation aurait expiré avant d’avoir servi",
        )


def _second_factor(policy: Policy) -> Iterator[Contradiction]:
    factor = policy.second_factor
    if factor.requirement != "off" and not _ALONE_SUFFICIENT & set(factor.methods):
        yield Contradiction(
            "second_factor.methods",
            "recovery codes alone are no second factor",
            "des codes de secours ne suffisent pas comme second facteur",
        )
    by_telephone = set(factor.methods) <= {"sms", "voice", "recovery_codes"}
    if factor.requirement == "required" and by_telephone and not policy.activation.record_recovery:
        yield Contradiction(
            "activation.record_recovery",
            "the required factor goes by telephone, and none is recorded: nothing could be enrolled",
            "la preuve exigée passe par le téléphone, et aucun n’est enregistré",
        )
    yield from _contexts(policy)
    yield from _deadline(policy)


def _contexts(policy: Policy) -> Iterator[Contradiction]:
    factor = policy.second_factor
    field = "second_factor.contexts"
    if factor.requirement == "contextual" and not factor.contexts:
        yield Contradiction(
            field,
            "asked in set contexts, but none is set",
            "demandée dans certains cas, mais aucun n’est nommé",
        )
    if factor.contexts and factor.requirement != "contextual":
        yield Contradiction(
            field,
            "contexts count only when the requirement is contextual",
            "les cas ne comptent que si l’exigence en dépend (contextual)",
        )
    if factor.groups and factor.requirement == "off":
        yield Contradiction(
            "second_factor.groups",
            "required of groups, but nobody has a second factor: offer it at least",
            "exigée de certains groupes, mais personne n’en a : proposez-la au moins",
        )
    if "outside_network" in factor.contexts and not policy.own_networks:
        yield Contradiction(
            "own_networks",
            "asked outside the academy's network, but no network is said to be its own",
            "demandée hors du réseau de l’académie, mais aucun réseau n’est dit être le sien",
        )
    if "unusual" in factor.contexts and not policy.unusual.signs:
        yield Contradiction(
            "unusual.signs",
            "asked at unusual sign-ins, but nothing is said to be unusual",
            "demandée aux connexions inhabituelles, mais rien n’est dit inhabituel",
        )


def _deadline(policy: Policy) -> Iterator[Contradiction]:
    factor = policy.second_factor
    if factor.enrolment_days and factor.requirement in ("off", "offered"):
        yield Contradiction(
            "second_factor.enrolment_days",
            f"a deadline for something that is {factor.requirement}: say advised, contextual or required",
            "un délai pour ce qui n’est pas demandé : dites advised, contextual ou required",
        )
    if factor.grace_days and not factor.enrolment_days:
        yield Contradiction(
            "second_factor.grace_days",
            "grace after a deadline that there isn't",
            "un sursis après un délai qui n’existe pas",
        )


def _lock(policy: Policy) -> Iterator[Contradiction]:
    if policy.lock.minutes == 0 and not policy.recovery.methods:
        yield Contradiction(
            "lock.minutes",
            "a lock that only a reset opens needs a way to reset",
            "un blocage que seule une réinitialisation lève demande un moyen de réinitialiser",
        )


def _unusual(policy: Policy) -> Iterator[Contradiction]:
    unusual = policy.unusual
    if policy.lock.on_unusual == "lock" and not unusual.grave:
        yield Contradiction(
            "unusual.grave",
            "an unusual sign-in suspends, but no sign is enough for it",
            "une connexion inhabituelle suspend le compte, mais aucun signe n’y suffit",
        )
    if set(unusual.grave) - set(unusual.signs):
        yield Contradiction(
            "unusual.grave",
            "a sign is grave that nobody looks for: name it in signs too",
            "un signe est dit grave sans être recherché : nommez-le aussi dans signs",
        )
    if "country" in unusual.signs and not unusual.countries:
        yield Contradiction(
            "unusual.countries",
            "without a usual country each sign-in would be unusual",
            "sans pays habituel, toute connexion serait inhabituelle",
        )
    if "hour" in unusual.signs and unusual.night_from == unusual.night_until:
        yield Contradiction(
            "unusual.night_from",
            "a night without hours, but the hour is looked at",
            "une nuit sans heures, alors que l’heure est regardée",
        )


def _sessions(policy: Policy) -> Iterator[Contradiction]:
    sessions = policy.sessions
    if sessions.idle_minutes > sessions.absolute_hours * 60:
        yield Contradiction(
            "sessions.idle_minutes",
            "longer than the absolute limit, so it would never count",
            "plus longue que la durée maximale : elle ne compterait jamais",
        )
    if sessions.shared_computer_idle_minutes > sessions.idle_minutes:
        yield Contradiction(
            "sessions.shared_computer_idle_minutes",
            "a shared computer can't have more time",
            "un ordinateur partagé ne peut pas avoir plus de temps",
        )
    if sessions.warning_seconds >= sessions.shared_computer_idle_minutes * 60:
        yield Contradiction(
            "sessions.warning_seconds",
            "the warning would stand from the first second",
            "l’avertissement s’afficherait dès la première seconde",
        )
    if (sessions.one_device == "suspend") != (sessions.suspend_minutes > 0):
        yield Contradiction(
            "sessions.suspend_minutes",
            "a time is needed when, and only when, a device suspends",
            "une durée est demandée quand un second appareil suspend, et alors seulement",
        )


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


def _leaving(policy: Policy) -> Iterator[Contradiction]:
    leaving = policy.leaving
    if leaving.grace_days_min > leaving.grace_days_max:
        yield Contradiction("leaving.grace_days_min", "more than the most", "plus que le plus long")
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


def _networks(policy: Policy) -> Iterator[Contradiction]:
    for name in ("own_networks", "allowed_networks"):
        for network in getattr(policy, name):
            try:
                ipaddress.ip_network(network)
            except ValueError:
                yield Contradiction(
                    name,
                    f"{network!r} is not a network; write it as 10.0.0.0/8",
                    f"« {network} » n’est pas un réseau ; écrivez-le comme 10.0.0.0/8",
                )


_CHECKS: tuple[Callable[[Policy], Iterator[Contradiction]], ...] = (
    _sign_in,
    _activation,
    _second_factor,
    _lock,
    _unusual,
    _sessions,
    _password,
    _recovery,
    _programs,
    _mail,
    _links,
    _leaving,
    _rights,
    _many,
    _contributors,
    _schools,
    _networks,
)
