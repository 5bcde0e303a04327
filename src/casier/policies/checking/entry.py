"""What may not stand together in how people get in, and how long they stay."""

from __future__ import annotations

from collections.abc import Iterator

from casier.policies.checking.contradiction import Check, Contradiction
from casier.policies.policy import Policy

# A factor that still works when the telephone is lost or the code can't arrive.
_ALONE_SUFFICIENT = {"totp", "webauthn", "sms", "voice"}


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


ENTRY: tuple[Check, ...] = (
    _sign_in,
    _activation,
    _second_factor,
    _lock,
    _unusual,
    _sessions,
)
