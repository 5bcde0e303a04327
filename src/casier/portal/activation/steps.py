"""Where one is on the way from the invitation to the mailbox. What comes depends on the policy alone, so that
the number of steps doesn't change while one walks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from casier.directory.models import Academy
from casier.identity.entry.road import Duty
from casier.policies.api import policy_for
from casier.policies.policy import Policy

# The first step, before anyone is known, is no duty.
WHO = "who"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, and whether one has done it (`done`), is there (`here`) or still comes to it
    (`next`).
    """

    label: str
    state: str


@dataclass(frozen=True, slots=True)
class Steps:
    """All of them, and where one is."""

    steps: Sequence[Step]
    number: int

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def label(self) -> str:
        return self.steps[self.number - 1].label

    @property
    def following(self) -> str:
        """What comes next; "" at the end."""
        return self.steps[self.number].label if self.number < len(self.steps) else ""


def planned(policy: Policy, here: Duty | str = WHO) -> list[Duty | str]:
    """The way through an activation under POLICY; HERE is on it, whatever led there."""
    wanted: dict[Duty | str, bool] = {
        WHO: True,
        Duty.SECOND_FACTOR: False,
        Duty.DETAILS: policy.activation.confirm_details,
        Duty.DOCUMENTS: True,
        Duty.PASSWORD: True,
        Duty.MEANS: policy.activation.record_recovery,
        Duty.ENROL: policy.second_factor.requirement in {"required", "advised", "contextual"},
        Duty.CHECK_MEANS: False,
        Duty.MEMO: policy.activation.memo,
    }
    return [duty for duty, is_wanted in wanted.items() if is_wanted or duty == here]


def steps_at(academy: Academy, here: Duty | str) -> Steps:
    """The steps of ACADEMY's activation with HERE as the present one."""
    plan = planned(policy_for(academy), here)
    at = plan.index(here)
    labels = _labels()
    states = ["done"] * at + ["here"] + ["next"] * (len(plan) - at - 1)
    return Steps([Step(labels[duty], state) for duty, state in zip(plan, states, strict=True)], at + 1)


def _labels() -> dict[Duty | str, str]:
    return {
        WHO: _("Qui vous êtes"),
        Duty.SECOND_FACTOR: _("Votre second facteur"),
        Duty.DETAILS: _("Vos coordonnées"),
        Duty.DOCUMENTS: _("La charte"),
        Duty.PASSWORD: _("Votre mot de passe"),
        Duty.MEANS: _("Votre secours"),
        Duty.ENROL: _("Votre second facteur"),
        Duty.CHECK_MEANS: _("Votre secours"),
        Duty.MEMO: _("Votre mémo"),
    }
