"""The table of retention: what is kept of ways in, sign-ins, notices, and the help desk."""

from __future__ import annotations

from datetime import datetime, timedelta

from casier.identity.dispatch.worker import KEPT_DAYS as DISPATCHED
from casier.identity.guard.devices import KNOWN_SECONDS
from casier.identity.history.keeping import KEEP_UNKNOWN, forget_old_history
from casier.identity.means.actions import TOLD_DAYS, forget_old_means
from casier.privacy.keeping import erasers
from casier.privacy.keeping.erasers import older, older_by
from casier.privacy.keeping.kind import Basis, Ends, Kind

_MONTH = timedelta(days=30)


def _devices(now: datetime) -> int:
    from casier.identity.guard.actions import forget_unused_devices

    return forget_unused_devices(now)


def _means(now: datetime) -> int:
    forget_old_means(now)
    return 0


KINDS: tuple[Kind, ...] = (
    Kind(
        "sign_ins",
        ("Connexions et tentatives", "Sign-ins and attempts"),
        ("identity_history.SignIn",),
        Ends.POLICY,
        Basis.LOGS,
        (
            "Journal d’accès : la personne y voit ce qui s’est passé, l’enquête s’y appuie.",
            "Access log: the person sees what happened, an investigation relies on it.",
        ),
        by=erasers.logs,
        setting="retention.logs_days",
        eraser=forget_old_history,
    ),
    Kind(
        "refusals",
        ("Pages refusées, par référence", "Refused pages, by reference"),
        ("identity_history.Refusal",),
        Ends.POLICY,
        Basis.LOGS,
        ("Pour que l’assistance explique un refus.", "So that the help desk can explain a refusal."),
        by=erasers.logs,
        setting="retention.logs_days",
        eraser=forget_old_history,
    ),
    Kind(
        "notices",
        ("Avis envoyés à la personne", "Notices sent to the person"),
        ("identity_history.NoticeSent", "identity_history.Disavowal"),
        Ends.POLICY,
        Basis.LOGS,
        ("Ce qui a été dit, et par quel moyen.", "What was told, and by which means."),
        by=erasers.logs,
        setting="retention.logs_days",
        eraser=forget_old_history,
    ),
    Kind(
        "reports",
        ("Signalements « ce n’était pas moi »", "Reports ‘it wasn’t me’"),
        ("identity_history.Report",),
        Ends.POLICY,
        Basis.LOGS,
        ("À compter de la clôture.", "From the day it was closed."),
        by=erasers.logs,
        setting="retention.logs_days",
        eraser=forget_old_history,
    ),
    Kind(
        "unknown",
        ("Noms inconnus essayés : combien, d’où", "Unknown names tried: how many, from where"),
        ("identity_history.UnknownTries",),
        Ends.FIXED,
        Basis.LOGS,
        ("Sans les noms.", "Without the names."),
        kept=KEEP_UNKNOWN,
        eraser=forget_old_history,
        firm=(
            "Une heure et une adresse IP, sans nom : assez pour voir une attaque lente, et pas davantage.",
            "An hour and an IP address without a name: enough to see a slow attack, and no more.",
        ),
    ),
    Kind(
        "known_devices",
        ("Appareils reconnus, habitudes", "Known devices, habits"),
        ("identity_guard.KnownDevice", "identity_guard.Habits"),
        Ends.FIXED,
        Basis.DUTY,
        ("Reconnaître une connexion inhabituelle.", "To recognise an unusual sign-in."),
        kept=timedelta(seconds=KNOWN_SECONDS),
        eraser=_devices,
        firm=(
            "Plus court, chaque retour de vacances paraîtrait inhabituel ; plus long ne protège pas mieux.",
            "Shorter, each return from the holidays would look unusual; longer protects no better.",
        ),
    ),
    Kind(
        "trusted",
        ("Appareils de confiance", "Trusted devices"),
        ("identity_factors.TrustedDevice",),
        Ends.POLICY,
        Basis.CHOICE,
        ("Effacés un mois après leur fin.", "Erased a month after their end."),
        by=lambda policy: policy.second_factor.trusted_days,
        setting="second_factor.trusted_days",
        eraser=older("identity_factors.TrustedDevice", "expires_at", _MONTH),
    ),
    Kind(
        "factors",
        ("Seconds facteurs", "Second factors"),
        (
            "identity_factors.Totp",
            "identity_factors.WebAuthnKey",
            "identity_factors.Telephone",
            "identity_factors.RecoveryCode",
            "identity_factors.EnrolmentClock",
        ),
        Ends.ACCOUNT,
        Basis.DUTY,
        ("Protègent le compte.", "They protect the account."),
    ),
    Kind(
        "means",
        ("Moyens de secours, codes", "Backup means, codes"),
        ("identity_means.Means", "identity_means.Code"),
        Ends.ACCOUNT,
        Basis.DUTY,
        (
            f"Un moyen retiré est prévenu {TOLD_DAYS} jours, puis effacé ; un code, un jour après sa fin.",
            f"A means that was taken away is told for {TOLD_DAYS} days, then erased; a code, a day after it "
            "is over.",
        ),
        eraser=_means,
    ),
    Kind(
        "passwords",
        ("Mots de passe (empreintes)", "Passwords (hashes)"),
        ("identity.User", "identity.PastPassword", "identity_recovery.SecretAnswer"),
        Ends.ACCOUNT,
        Basis.DUTY,
        ("Jamais en clair.", "Never in clear."),
    ),
    Kind(
        "app_passwords",
        ("Mots de passe d’application révoqués", "Revoked application passwords"),
        ("identity.AppPassword", "identity.MailProgram"),
        Ends.POLICY,
        Basis.LOGS,
        (
            "Quel logiciel est venu, d’où : à compter de la révocation.",
            "Which program came, from where: from the day it was revoked.",
        ),
        by=erasers.logs,
        setting="retention.logs_days",
        eraser=older_by("identity.AppPassword", "revoked_at", "account__academy", erasers.logs),
    ),
    Kind(
        "dispatches",
        ("Messages de service envoyés", "Service messages sent"),
        ("identity_dispatch.Dispatch", "identity_dispatch.KeptMessage"),
        Ends.FIXED,
        Basis.LOGS,
        ("Scellés, vidés dès l’envoi.", "Sealed, emptied once sent."),
        kept=timedelta(days=DISPATCHED),
        eraser=older("identity_dispatch.Dispatch", "done_at", timedelta(days=DISPATCHED)),
        firm=(
            "Le temps de retrouver un envoi qui n’est pas arrivé ; le contenu, lui, n’est déjà plus là.",
            "As long as one looks for a message that didn’t come; what it said is gone already.",
        ),
    ),
    Kind(
        "invitations",
        ("Invitations", "Invitations"),
        ("identity_activation.Invitation",),
        Ends.ACCOUNT,
        Basis.DUTY,
        (
            "Le code d’arrivée peut rester un identifiant.",
            "The arrival code may stay a name to sign in with.",
        ),
    ),
    Kind(
        "corrections",
        ("Corrections demandées", "Corrections asked for"),
        ("identity_activation.CorrectionRequest",),
        Ends.POLICY,
        Basis.DUTY,
        ("À compter de la réponse.", "From the day of the answer."),
        by=erasers.requests,
        setting="retention.requests_days",
        eraser=older_by(
            "identity_activation.CorrectionRequest", "settled_at", "account__academy", erasers.requests
        ),
    ),
    Kind(
        "acceptances",
        ("Charte et notice acceptées", "Charter and notice accepted"),
        ("identity_activation.Acceptance",),
        Ends.PERSON,
        Basis.PROOF,
        (
            "Quelle version, quand : tant que la personne est connue.",
            "Which version, when: as long as the person is known.",
        ),
        by=lambda policy: policy.leaving.address_reserved_days,
        setting="leaving.address_reserved_days",
    ),
    Kind(
        "resets",
        ("Réinitialisations, courriers, appels", "Resets, letters, calls"),
        (
            "identity_recovery.Reset",
            "identity_recovery.Letter",
            "identity_recovery.DeskRequest",
            "identity_recovery.RecoveryLink",
        ),
        Ends.POLICY,
        Basis.LOGS,
        (
            "À compter de la fin ; l’adresse postale s’efface dès que la lettre a servi.",
            "From the end; the postal address goes once the letter is used.",
        ),
        by=erasers.logs,
        setting="retention.logs_days",
        eraser=erasers.erase_resets,
    ),
)
