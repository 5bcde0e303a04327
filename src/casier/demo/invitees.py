"""One invited person an academy, who hasn't opened the account yet: so that each way of doing it can be
tried.

All is invented, like the rest of the cast; what proves who they are is public.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from casier.audit.api import Actor
from casier.directory import actions
from casier.directory.models import Academy, Account, AccountState, School
from casier.identity.activation.api import invite, live_invitation
from casier.identity.activation.codes import grouped, with_check
from casier.kernel.secret import Secret
from casier.policies.api import policy_for

BY = Actor.system("demo")
_WHY = "démonstration"


@dataclass(frozen=True, slots=True)
class Invitee:
    """Someone to activate an account for. `code`: the code of their sheet, where their academy gives one."""

    academy: str
    key: str
    given_name: str
    family_name: str
    title: str
    school: str
    function: str
    birth_date: date
    numen: str
    address: str
    birth_name: str = ""
    code: str = ""


_CODE = with_check("DEMARRAGES2")
INVITEES = (
    Invitee(
        "normandie", "arrivee", "Maëlle", "Le Guen", "Mme", "0149102T", "ENS", date(1995, 5, 6),
        "14E9900031DEM", "maelle.le-guen@ac-normandie.fr", code=grouped(_CODE),
    ),
    Invitee(
        "rouen", "arrivee", "Théo", "Marchand-d’Ambray", "M.", "0769202P", "ENS", date(1992, 9, 17),
        "76E9900032DEM", "theo.marchand-dambray@ac-rouen.fr",
    ),
    Invitee(
        "nancy-metz", "arrivee", "Léa", "Hoffmann", "Mme", "0579302B", "DOC", date(1989, 1, 28),
        "54E9900033DEM", "lea.hoffmann@ac-nancy-metz.fr", birth_name="Klein",
    ),
    Invitee(
        "amiens", "arrivee", "Yanis", "Lefebvre", "M.", "0609402U", "AED", date(2001, 11, 3),
        "80E9900034DEM", "yanis.lefebvre@ac-amiens.fr",
    ),
)  # fmt: skip


def demo_invitees(now: datetime) -> list[Account]:
    """Have the four in the directory, each invited once; those who were there stay as they are.

    The temporary password of the academy that gives one is generated: `./casier account invite ADDRESS` tells
    it.
    """
    return [_ensure(invitee, now) for invitee in INVITEES]


def _ensure(invitee: Invitee, now: datetime) -> Account:
    academy = Academy.objects.get(slug=invitee.academy)
    key = f"demo-{invitee.academy}-{invitee.key}"
    account = Account.objects.filter(person__keys__academy=academy, person__keys__key=key).first()
    if account is None:
        account = actions.create_account(academy, _new(invitee, key), by=BY, reason=_WHY, now=now)
    waits = account.state == AccountState.INVITED and live_invitation(account) is None
    if waits and policy_for(academy).activation.method != "temporary_password":
        code = Secret(invitee.code.replace("-", "")) if invitee.code else None
        invite(account, by=BY, reason=_WHY, now=now, code=code)
    return account


def _new(invitee: Invitee, key: str) -> actions.NewAccount:
    return actions.NewAccount(
        given_name=invitee.given_name,
        family_name=invitee.family_name,
        birth_name=invitee.birth_name,
        school=School.objects.filter(uai=invitee.school).first(),
        function=invitee.function,
        numen=Secret(invitee.numen),
        birth_date=invitee.birth_date,
        title=invitee.title,
        feed_key=key,
    )
