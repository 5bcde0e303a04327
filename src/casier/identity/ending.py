"""Word that somebody has ended sessions, for apps that keep something for each.

Sent inside the transaction that journals it, with `account_id` (hex) and which: `only` one digest, or all
`but` one (empty: none stays). Sessions that end by themselves, idle or too old, are not told: nobody wanted
them gone.
"""

from __future__ import annotations

from django.dispatch import Signal

sessions_ended = Signal()
