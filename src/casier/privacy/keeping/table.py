"""The one table: every kind, and the tables in which nobody is named, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping

from casier.privacy.keeping import doors, mail, own, people
from casier.privacy.keeping.kind import Kind

KINDS: tuple[Kind, ...] = (*people.KINDS, *doors.KINDS, *mail.KINDS, *own.KINDS)
# Tables without people in them. A table that is neither here nor in a kind fails a test.
NOBODY: Mapping[str, str] = {
    "audit.OutboxTurn": "a lock",
    "contenttypes.ContentType": "Django's own",
    "auth.Permission": "Django's own, unused",
    "auth.Group": "Django's own, unused",
    "auth.Group_permissions": "Django's own, unused",
    "directory.Academy": "an institution",
    "directory.MailDomain": "an institution",
    "directory.WebHost": "an institution",
    "directory.Store": "a machine",
    "directory.Network": "an institution",
    "directory.School": "an institution",
    "directory.School_networks": "an institution",
    "directory.FunctionalMailbox": "a service's mailbox",
    "identity_guard.AttackWave": "counts of an academy",
    "identity_activation.Document": "a text in force, and those before it",
    "policies.PolicyRevision": "a policy; its author by number, as in the journal",
    "announcements.Announcement": "a text of the academy; its author by number",
    "groups.Group": "a rule; who is in it is computed when asked",
    "writing.SignatureTemplate": "the academy's signature",
    "notifications.Service": "a program",
    "console.Figure": "counts of an academy",
    "console.ChainCheck": "whether the journal is whole",
}


def kind_named(code: str) -> Kind:
    """The kind with this code."""
    return next(kind for kind in KINDS if kind.code == code)
