"""What an office makes possible: the one table. Whom it reaches is `mandates.py`'s.

Read by `docs/develop/rights.md`, which a test keeps equal to it.
"""

from __future__ import annotations

from enum import StrEnum

from casier.directory.models import Office


class Ability(StrEnum):
    """What an office makes possible."""

    SEE_PERSON = "see_person"
    SEE_HISTORY = "see_history"
    UNLOCK = "unlock"
    RESET = "reset"  # password, factors, letter
    APPROVE_RESET = "approve_reset"  # the second pair of eyes
    SUSPEND = "suspend"
    SEE_ATTACKS = "see_attacks"
    SEE_POLICY = "see_policy"
    SET_POLICY = "set_policy"
    GIVE_MANDATES = "give_mandates"  # and take them back, and look through all of them
    MANAGE_ACADEMIES = "manage_academies"  # see them all, make another
    CONFIRM_RIGHTS = "confirm_rights"  # answer, in a review, for those who hold an office
    # What an academy's feed drives.
    SEE_FEED = "see_feed"
    RUN_FEED = "run_feed"  # apply a run, undo it, answer its doubts
    SEE_GROUPS = "see_groups"
    MANAGE_GROUPS = "manage_groups"
    SEE_LIFE = "see_life"  # the calendar of what will end
    MANAGE_LIFE = "manage_life"  # leaving, holds, reopening
    # A school's own.
    REQUEST_CONTRIBUTOR = "request_contributor"
    APPROVE_CONTRIBUTOR = "approve_contributor"
    DEPART = "depart"  # say that someone leaves the school
    RENEW_SHEET = "renew_sheet"  # the paper that opens an account which nobody has opened yet
    SEE_MAILBOXES = "see_mailboxes"  # functional ones, and their members
    MANAGE_SCHOOL_MAILBOXES = "manage_school_mailboxes"
    SEE_CLASSES = "see_classes"  # the contacts of each class, where the policy has any
    # What is looked back on.
    SEE_DASHBOARD = "see_dashboard"
    SEE_TRACE = "see_trace"  # what became of a message, never what it says
    SEE_JOURNAL = "see_journal"
    EXPORT_PERSON = "export_person"
    ERASE_PERSON = "erase_person"
    SEE_REGISTER = "see_register"  # of what is done with people's data


_DSI, _DESK, _SECURITY = Office.DSI, Office.HELP_DESK, Office.SECURITY
_HEAD, _DPO, _LISTS, _PLATFORM = Office.HEAD, Office.DPO, Office.LIST_OWNER, Office.PLATFORM

# An ability that is missing here is nobody's.
OFFICES: dict[Ability, frozenset[Office]] = {
    ability: frozenset(offices)
    for ability, offices in {
        Ability.SEE_PERSON: (_DSI, _DESK, _SECURITY, _HEAD),
        Ability.SEE_HISTORY: (_DSI, _DESK, _SECURITY),
        Ability.UNLOCK: (_DSI, _DESK),
        Ability.RESET: (_DSI, _DESK),
        Ability.APPROVE_RESET: (_DSI, _DESK, _SECURITY),
        Ability.SUSPEND: (_DSI, _DESK, _SECURITY),
        Ability.SEE_ATTACKS: (_DSI, _SECURITY),
        Ability.SEE_POLICY: (_DSI, _DESK, _SECURITY, _PLATFORM),
        Ability.SET_POLICY: (_DSI, _PLATFORM),
        Ability.GIVE_MANDATES: (_DSI,),
        Ability.MANAGE_ACADEMIES: (_PLATFORM,),
        Ability.CONFIRM_RIGHTS: (_DSI, _HEAD),
        Ability.SEE_FEED: (_DSI, _DESK),
        Ability.RUN_FEED: (_DSI,),
        Ability.SEE_GROUPS: (_DSI, _DESK, _LISTS),
        Ability.MANAGE_GROUPS: (_DSI,),
        Ability.SEE_LIFE: (_DSI, _DESK),
        Ability.MANAGE_LIFE: (_DSI,),
        Ability.REQUEST_CONTRIBUTOR: (_HEAD,),
        Ability.APPROVE_CONTRIBUTOR: (_DSI,),
        Ability.DEPART: (_DSI, _HEAD),
        Ability.RENEW_SHEET: (_DSI, _DESK, _HEAD),
        Ability.SEE_MAILBOXES: (_DSI, _DESK, _HEAD),
        Ability.MANAGE_SCHOOL_MAILBOXES: (_DSI, _HEAD),
        Ability.SEE_CLASSES: (_HEAD,),
        Ability.SEE_DASHBOARD: (_DSI,),
        Ability.SEE_TRACE: (_DSI, _DESK, _SECURITY),
        Ability.SEE_JOURNAL: (_DSI, _SECURITY, _DPO),
        Ability.EXPORT_PERSON: (_DPO,),
        Ability.ERASE_PERSON: (_DPO,),
        Ability.SEE_REGISTER: (_DPO,),
    }.items()
}
# What would hand the platform's office to the help desk of its holder's academy: left to the command line.
NOT_TO_THE_PLATFORM = frozenset({Ability.RESET, Ability.RENEW_SHEET})
# Who borrows an office for a while could keep it for good, through someone else.
NOT_LENT = frozenset({Ability.GIVE_MANDATES, Ability.CONFIRM_RIGHTS})
