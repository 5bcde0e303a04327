"""What other rooms may use of a school's affairs."""

from __future__ import annotations

from casier.schools.answering import approve, decides, refuse, withdraw
from casier.schools.arriving import giver_of, renew_sheet, renewable
from casier.schools.asking import ask_close, ask_member, ask_new, ask_to_join, joinable
from casier.schools.contradicting import Sent, contradicted, feed_read, feed_unread, sent_away
from casier.schools.departing import (
    How,
    Preview,
    can_undo,
    confirm,
    depart,
    last_days,
    leavings_of,
    preview,
    undo,
)
from casier.schools.following import members_follow, members_return, run_due
from casier.schools.members import is_last_manager, name_member, take_away, works_at_its_school
from casier.schools.models import Kind, Leaving, Request, State
from casier.schools.requested import asked_by, requests_of, waiting_for

__all__ = [
    "How",
    "Kind",
    "Leaving",
    "Preview",
    "Request",
    "Sent",
    "State",
    "approve",
    "ask_close",
    "ask_member",
    "ask_new",
    "ask_to_join",
    "asked_by",
    "can_undo",
    "confirm",
    "contradicted",
    "decides",
    "depart",
    "feed_read",
    "feed_unread",
    "giver_of",
    "is_last_manager",
    "joinable",
    "last_days",
    "leavings_of",
    "members_follow",
    "members_return",
    "name_member",
    "preview",
    "refuse",
    "renew_sheet",
    "renewable",
    "requests_of",
    "run_due",
    "sent_away",
    "take_away",
    "undo",
    "waiting_for",
    "withdraw",
    "works_at_its_school",
]
