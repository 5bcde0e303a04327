"""From the first proof to the open session, as a table: what is still to be done, in which order.

Whoever has proved something is *in the entry*: known, and not yet in. The entry lies in the visitor's
session, where the edge never looks, so nothing of the mailbox can be reached before the last duty is done.
Signing in, activating and recovering an account are three ways into the same road.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Self

# How long an entry may take (seconds). Activation has pages to read.
SIGN_IN_SECONDS = 900
ACTIVATION_SECONDS = 3600


class Purpose(StrEnum):
    """Why someone is on the road."""

    SIGN_IN = "sign_in"
    ACTIVATION = "activation"
    RECOVERY = "recovery"


class Proof(StrEnum):
    """By what someone showed who they are (`amr` of RFC 8176 where it has a name for it)."""

    PASSWORD = "pwd"  # noqa: S105 - names, not secrets
    TEMPORARY_PASSWORD = "temporary"  # noqa: S105
    PASSKEY = "passkey"  # two factors in one: the device, and its PIN or finger
    TOTP = "totp"
    SECURITY_KEY = "hwk"
    SMS = "sms"
    VOICE = "tel"
    RECOVERY_CODE = "recovery_code"
    TRUSTED_DEVICE = "trusted"
    IDENTITY = "identity"  # what activation asks: a NUMEN, a birth date, the code given on arrival
    LINK = "link"
    MAIL_CODE = "mail_code"
    PHONE_CODE = "phone_code"  # a code to a telephone in place of the password: no second factor beside it
    LETTER = "letter"
    QUESTIONS = "questions"
    HELP_DESK = "help_desk"


FIRST_FACTORS = frozenset(
    {
        Proof.PASSWORD,
        Proof.TEMPORARY_PASSWORD,
        Proof.PASSKEY,
        Proof.IDENTITY,
        Proof.LINK,
        Proof.MAIL_CODE,
        Proof.PHONE_CODE,
        Proof.LETTER,
        Proof.QUESTIONS,
        Proof.HELP_DESK,
    }
)
SECOND_FACTORS = frozenset(
    {
        Proof.PASSKEY,
        Proof.TOTP,
        Proof.SECURITY_KEY,
        Proof.SMS,
        Proof.VOICE,
        Proof.RECOVERY_CODE,
        Proof.TRUSTED_DEVICE,
    }
)


# A telephone that replaced the password on this road can't be the second factor as well.
SPENT_BY: dict[Proof, frozenset[Proof]] = {Proof.PHONE_CODE: frozenset({Proof.SMS, Proof.VOICE})}


class Duty(StrEnum):
    """What has to be done before the session opens, each on a page of its own, in this order."""

    SECOND_FACTOR = "second_factor"
    DETAILS = "details"
    DOCUMENTS = "documents"
    PASSWORD = "password"  # noqa: S105
    MEANS = "means"
    ENROL = "enrol"
    CHECK_MEANS = "check_means"
    MEMO = "memo"


@dataclass(frozen=True, slots=True)
class Entry:
    """Someone on the road."""

    account: str  # public id
    purpose: Purpose
    began: int  # unix seconds
    proofs: tuple[Proof, ...]
    source: str = ""  # the address they come from
    device: str = ""  # the browser, in words
    known_device: str = ""  # the id of a device that got in before; "": unknown
    shared_computer: bool = False
    next_page: str = ""
    settled: tuple[Duty, ...] = ()  # duties done, or put off where that is allowed
    trust_device: bool = False  # asked for at the second factor
    reach: str = ""  # the id of the backup means by which the account was recovered
    password_before: str = ""  # when the password was set that this recovery replaces, ISO 8601
    # What `sessions.generation` said before the first proof was looked at; -1: not asked yet.
    generation: int = -1
    ticket: str = ""  # of an activation: the next one of the same account ends it (`activation.tickets`)

    def proved(self, proof: Proof) -> Self:
        """The entry with one more proof."""
        return self if proof in self.proofs else replace(self, proofs=(*self.proofs, proof))

    def settle(self, duty: Duty) -> Self:
        """The entry with DUTY done."""
        return self if duty in self.settled else replace(self, settled=(*self.settled, duty))

    @property
    def second_factor_shown(self) -> bool:
        return bool((SECOND_FACTORS - self.spent) & set(self.proofs))

    @property
    def spent(self) -> frozenset[Proof]:
        """The second factors that count for nothing here: their means took the password's place, or they
        aren't shown by a person.
        """
        recovering = {Proof.TRUSTED_DEVICE} if self.purpose is Purpose.RECOVERY else set()
        return frozenset(recovering) | frozenset(
            spent for proof in self.proofs for spent in SPENT_BY.get(proof, frozenset())
        )

    def over(self, now: float) -> bool:
        """Whether the time for this entry is up."""
        most = ACTIVATION_SECONDS if self.purpose is Purpose.ACTIVATION else SIGN_IN_SECONDS
        return now - self.began >= most

    def as_data(self) -> dict[str, Any]:
        """As it is kept in the visitor's session (JSON)."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        return cls(
            **{
                **data,
                "purpose": Purpose(data["purpose"]),
                "proofs": tuple(Proof(proof) for proof in data["proofs"]),
                "settled": tuple(Duty(duty) for duty in data["settled"]),
            }
        )


class Enrolment(StrEnum):
    """Whether a second factor has to be enrolled now."""

    NO = "no"
    ADVISED = "advised"  # proposed, can be put off
    REQUIRED = "required"


class PasswordDue(StrEnum):
    """Why a password has to be set before going on; "" in `Standing` when none has."""

    FIRST = "first"  # none was ever set
    TEMPORARY = "temporary"  # one that others have seen
    EXPIRED = "expired"
    FORCED = "forced"  # by the help desk or after a compromise
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts about the account that the road depends on, gathered by `entry.standing`."""

    factor_asked: bool = False  # a second factor is enrolled, and asked for here and now
    details_wanted: bool = False
    documents_due: bool = False
    password_due: PasswordDue | None = None
    means_wanted: bool = False
    enrolment: Enrolment = Enrolment.NO
    means_check_due: bool = False
    memo_wanted: bool = False


def duties(entry: Entry, standing: Standing) -> list[Duty]:
    """What is still to be done, in order; empty when the session may open."""
    activating = entry.purpose is Purpose.ACTIVATION
    wanted = {
        Duty.SECOND_FACTOR: standing.factor_asked and not entry.second_factor_shown,
        Duty.DETAILS: standing.details_wanted and activating,
        Duty.DOCUMENTS: standing.documents_due,
        Duty.PASSWORD: standing.password_due is not None,
        Duty.MEANS: standing.means_wanted,
        Duty.ENROL: standing.enrolment is not Enrolment.NO,
        Duty.CHECK_MEANS: standing.means_check_due and not activating,
        Duty.MEMO: standing.memo_wanted and activating,
    }
    return [
        duty for duty, is_wanted in wanted.items() if is_wanted and not _is_settled(duty, entry, standing)
    ]


# Pages that are only to be seen, or put off: settled by the entry itself. All others by the facts alone.
_SEEN = frozenset({Duty.DETAILS, Duty.CHECK_MEANS, Duty.MEMO})


def _is_settled(duty: Duty, entry: Entry, standing: Standing) -> bool:
    """Whether the entry says that DUTY is done; what is required is believed by the facts alone."""
    if duty not in entry.settled:
        return False
    return duty in _SEEN or (duty is Duty.ENROL and standing.enrolment is Enrolment.ADVISED)
