"""What in a policy departs from today's guidance: allowed, and said to whoever decides.

A contradiction is refused; a deviation is a choice that an academy may make, with its eyes open.
References: ASVS is OWASP's Application Security Verification Standard 5.0 (2025), NIST is SP 800-63B-4
(2025), ANSSI is the guide « Authentification multifacteur et mots de passe » (2021), CNIL the deliberation
2022-100.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from casier.policies.policy import Policy


@dataclass(frozen=True, slots=True)
class Deviation:
    """A field that departs from guidance: what follows from it, in both languages, and who says so."""

    field: str
    english: str
    french: str
    reference: str


def deviations(policy: Policy) -> list[Deviation]:
    """Everything in POLICY that guidance advises against, in the order of the policy's sections."""
    return [found for check in _CHECKS for found in check(policy)]


def _ways_in(policy: Policy) -> Iterator[Deviation]:
    if "numen" in policy.sign_in.names and not policy.sign_in.numen_first_only:
        yield Deviation(
            "sign_in.names",
            "The NUMEN is typed at each sign-in; it is confidential, and can’t be changed once known.",
            "Le NUMEN est saisi à chaque connexion ; il est confidentiel, et ne change pas une fois connu.",
            "CNIL, 2022-100",
        )
    if policy.activation.method in ("numen", "numen_birth_date"):
        yield Deviation(
            "activation.method",
            "An account is opened with facts that others know, not with a secret drawn by chance.",
            "Le compte s’ouvre avec ce que d’autres connaissent, non avec un secret tiré au hasard.",
            "ASVS 6.4.1",
        )


def _second_factor(policy: Policy) -> Iterator[Deviation]:
    factor = policy.second_factor
    if factor.requirement in ("off", "offered") or (
        factor.requirement in ("advised", "contextual") and not factor.enrolment_days
    ):
        yield Deviation(
            "second_factor.requirement",
            "A password that was stolen is enough to open the mailbox of whoever has no second proof.",
            "Un mot de passe volé suffit à ouvrir la boîte de qui n’a pas de second facteur.",
            "ASVS 6.3.3, ANSSI",
        )
    strong = {"totp", "webauthn"} & set(factor.methods)
    if {"sms", "voice"} & set(factor.methods):
        reason = "Codes by telephone can be diverted (a copied SIM card, a forwarded call)."
        words = "Les codes par téléphone peuvent être détournés (carte SIM copiée, appel renvoyé)."
        if not strong:
            reason, words = (
                f"{reason} Nothing stronger is offered.",
                f"{words} Rien de plus sûr n’est proposé.",
            )
        yield Deviation("second_factor.methods", reason, words, "ASVS 6.6.1, NIST 3.1.3.3")
    if factor.requirement != "off" and "webauthn" not in factor.methods:
        yield Deviation(
            "second_factor.methods",
            "No proof that withstands phishing is offered: neither security keys nor passkeys.",
            "Aucune preuve qui résiste à l’hameçonnage n’est proposée : ni clé de sécurité, ni clé d’accès.",
            "NIST 2.2.2",
        )
    if factor.trusted_days > 30:
        yield Deviation(
            "second_factor.trusted_days",
            "A device that passed once isn’t asked again for more than a month.",
            "Un appareil reconnu n’est plus interrogé pendant plus d’un mois.",
            "NIST 2.2.3",
        )


def _lock(policy: Policy) -> Iterator[Deviation]:
    if policy.lock.scope == "account":
        yield Deviation(
            "lock.scope",
            "Whoever knows a sign-in name can keep its owner out by typing wrong passwords.",
            "Qui connaît un identifiant peut empêcher la personne d’entrer, par de faux mots de passe.",
            "ASVS 6.1.1",
        )
    if policy.lock.minutes == 0:
        yield Deviation(
            "lock.minutes",
            "A lock never opens by itself: each one becomes a call to the help desk or a reset.",
            "Un blocage ne se lève jamais seul : chacun mène à l’assistance ou à une réinitialisation.",
            "ASVS 6.1.1, NIST 3.2.2",
        )
    if policy.lock.on_unusual == "ignore":
        yield Deviation(
            "lock.on_unusual",
            "Nobody is told of a sign-in that isn’t like the others.",
            "Personne n’est averti d’une connexion qui ne ressemble pas aux autres.",
            "ASVS 6.3.5",
        )
    if policy.sessions.one_device == "suspend":
        yield Deviation(
            "sessions.one_device",
            "A second sign-in freezes both, so that whoever has the password can stop the work of its owner.",
            "Une seconde connexion fige les deux : qui a le mot de passe peut arrêter le travail.",
            "ASVS 6.1.1",
        )


def _sessions(policy: Policy) -> Iterator[Deviation]:
    if policy.sessions.idle_minutes > 60:
        yield Deviation(
            "sessions.idle_minutes",
            "A browser that was left stays open for more than an hour.",
            "Un navigateur laissé ouvert le reste plus d’une heure.",
            "NIST 2.2.3",
        )


def _password(policy: Policy) -> Iterator[Deviation]:
    password = policy.password
    if password.min_length < 12:
        yield Deviation(
            "password.min_length",
            "Shorter than the twelve characters that are advised.",
            "Plus court que les douze caractères conseillés.",
            "ANSSI, CNIL 2022-100",
        )
    if password.classes:
        yield Deviation(
            "password.classes",
            "Kinds of characters make passwords harder to remember, hardly harder to guess.",
            "Les sortes de caractères rendent le mot de passe plus dur à retenir, guère plus à deviner.",
            "NIST 3.1.1.2, ASVS 6.2.5",
        )
    if password.expires_days:
        yield Deviation(
            "password.expires_days",
            "Passwords that must change without a reason are chosen weaker, and numbered.",
            "Un mot de passe qu’il faut changer sans raison est choisi plus faible, et numéroté.",
            "NIST 3.1.1.2, ASVS 6.2.10, ANSSI",
        )
    if not password.admin_expires_days:
        yield Deviation(
            "password.admin_expires_days",
            "Passwords of those who hold an office never expire.",
            "Le mot de passe de qui exerce une charge n’expire jamais.",
            "ANSSI",
        )
    if password.admin_min_length < 16:
        yield Deviation(
            "password.admin_min_length",
            "Shorter than the sixteen characters that are advised for who may act on others’ accounts.",
            "Plus court que les seize caractères conseillés à qui agit sur les comptes des autres.",
            "ANSSI",
        )
    if password.least_score < 3:
        yield Deviation(
            "password.least_score",
            "Passwords that a patient program guesses are taken.",
            "Des mots de passe qu’un programme patient devine sont admis.",
            "CNIL 2022-100",
        )


def _recovery(policy: Policy) -> Iterator[Deviation]:
    recovery = policy.recovery
    if "secret_questions" in recovery.methods:
        yield Deviation(
            "recovery.methods",
            "Answers to secret questions are known to relatives and found on the network.",
            "Les réponses aux questions secrètes sont connues des proches et se trouvent sur Internet.",
            "ASVS 6.4.2",
        )
    if "temporary_code" in recovery.methods and recovery.code_minutes > 10:
        yield Deviation(
            "recovery.code_minutes",
            "A code is good for more than ten minutes.",
            "Un code vaut plus de dix minutes.",
            "ASVS 6.5.5, NIST 3.1.3.2",
        )
    if not recovery.check_days:
        yield Deviation(
            "recovery.check_days",
            "Nobody asks again whether backup addresses and telephones are still the person’s.",
            "Personne ne redemande si l’adresse et le téléphone de secours sont toujours les bons.",
            "NIST 4.2",
        )


def _programs(policy: Policy) -> Iterator[Deviation]:
    programs = policy.app_passwords
    if programs.allowed and policy.second_factor.requirement == "required" and programs.approval == "none":
        yield Deviation(
            "app_passwords.approval",
            "Mail programs come in by one password alone, and no new one has to be confirmed.",
            "Les logiciels de messagerie entrent avec un seul mot de passe, et aucun n’est à confirmer.",
            "ASVS 6.3.4",
        )


def _many(policy: Policy) -> Iterator[Deviation]:
    if not policy.many.suspend_second_from:
        yield Deviation(
            "many.suspend_second_from",
            "One person, or a stolen session, can put the whole academy out.",
            "Une seule personne, ou une session volée, peut mettre toute l’académie dehors.",
            "ASVS 2.3.5",
        )


_CHECKS: tuple[Callable[[Policy], Iterator[Deviation]], ...] = (
    _ways_in,
    _second_factor,
    _lock,
    _sessions,
    _password,
    _recovery,
    _programs,
    _many,
)
