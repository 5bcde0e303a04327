"""What a service is refused."""

from __future__ import annotations

from casier.kernel.errors import CasierError


class BadToken(CasierError):
    """No token, not one of ours, or one that was revoked."""

    code = "service_token_refused"


class TooOften(CasierError):
    """More than a service may ask for; `retry_after` tells in how many seconds."""

    code = "too_many_requests"


class NotOurPerson(CasierError):
    """The address isn't one of the service's own academy."""

    code = "not_your_academy"


class UnknownRecipient(CasierError):
    """Nobody of the academy has this address now."""

    code = "unknown_recipient"


class BadNotification(CasierError):
    """A text that isn't plain or too long, a link that leads elsewhere than it may; `field` tells which."""

    code = "bad_notification"


class KeyMissing(CasierError):
    """Without an idempotency key nobody could tell a second try from a second notification."""

    code = "idempotency_key_missing"


class KeyUsed(CasierError):
    """The same key came with another notification before."""

    code = "idempotency_key_used"


class TooLarge(CasierError):
    """The body is larger than any notification."""

    code = "notification_too_large"


class BadService(CasierError):
    """A name that is none, or hosts that are none."""

    code = "bad_service"
