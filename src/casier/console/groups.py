"""What the pages of groups show: whom a rule means, where it goes wrong, why somebody is in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from casier.console.access import Desk
from casier.console.down import unless_down
from casier.directory.access import account_with
from casier.directory.errors import NotFound
from casier.directory.mandates import Ability
from casier.directory.models import Academy, Account
from casier.groups import api
from casier.groups.api import BadRule, Group, Line, Member, Rule, Visibility
from casier.kernel.errors import CasierError

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Wrong:
    """Where a rule can't be read: the text before, the place, the text after, and what to do."""

    before: str
    place: str
    after: str
    words: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a rule means today."""

    words: str = ""
    count: int = 0
    members: list[Member] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    wrong: Wrong | None = None
    empty: bool = False

    @property
    def more(self) -> int:
        return self.count - len(self.members)


@dataclass(frozen=True, slots=True)
class Why:
    """Whether someone is in a group, part by part; `name` is empty for who isn't there."""

    name: str = ""
    holds: bool = False
    lines: list[Line] = field(default_factory=list)
    gone: bool = False


def preview_of(desk: Desk, academy: Academy, text: str, owner: Group | None = None) -> Preview:
    """Whom TEXT means among those whom DESK may see; within what owns the group where it has an owner."""
    if not text.strip():
        return Preview(empty=True)
    try:
        rule = api.parse(text)
        kept = api.within_owner(rule, owner) if owner else rule
        return _found(desk, academy, rule, kept)
    except BadRule as error:
        return Preview(wrong=_wrong(text, error))


def _found(desk: Desk, academy: Academy, rule: Rule, kept: Rule) -> Preview:
    today = timezone.localdate()
    people = api.accounts_of(kept, academy, today)
    if not desk.may(Ability.SEE_GROUPS, academy):
        people = people.filter(pk__in=desk.people(Ability.SEE_GROUPS).values("pk"))
    return Preview(
        in_words(kept), people.count(), api.listed(people, SHOWN), api.unknown_values(rule, academy, today)
    )


def _wrong(text: str, error: BadRule) -> Wrong:
    start, end = error.position, error.position + error.length
    shown = text if len(text) <= 400 else ""
    return Wrong(shown[:start], shown[start:end], shown[end:], error.words(_language()))


def in_words(rule: Rule) -> str:
    """RULE as a sentence, in the page's language."""
    return api.in_words(rule, _language())


def reasons_for(desk: Desk, group: Group, asked: str) -> Why:
    """Why the person with the address ASKED is in GROUP or isn't; who isn't within reach isn't there."""
    account = _account(desk, group.academy, asked)
    if account is None:
        return Why()
    try:
        lines = api.why(api.rule_of(group), account, timezone.localdate())
    except BadRule:
        return Why()
    gone = account.state not in api.PRESENT
    return Why(account.person.full_name, lines[0].holds and not gone, lines, gone)


def _account(desk: Desk, academy: Academy, asked: str) -> Account | None:
    try:
        account = account_with(asked)
    except NotFound:
        return None
    within = account.academy_id == academy.pk and desk.may(Ability.SEE_GROUPS, account)
    return account if within else None


def refusal(error: CasierError) -> tuple[str, str]:
    """The field that ERROR is about, and the sentence."""
    unless_down(error)
    if isinstance(error, BadRule):
        return "regle", error.words(_language())
    names = {"slug": "court", "name": "nom", "description": "description"}
    sentences = {
        "court": _("Un nom court a des lettres sans accent, des chiffres et des traits d’union, 50 au plus."),
        "nom": _("Écrivez un nom, de 120 signes au plus."),
        "description": _("La description compte 500 signes au plus."),
    }
    if error.code == "already_there":
        return "court", _("Un autre groupe de l’académie porte ce nom court.")
    name = names.get(str(error.facts.get("field", "")), "nom")
    return name, sentences[name]


def visibility_words(visibility: str) -> str:
    """Who may see a group."""
    return {
        Visibility.OFFICES.value: _("ceux qui travaillent dans la console"),
        Visibility.MEMBERS.value: _("ses membres aussi"),
        Visibility.ACADEMY.value: _("toute l’académie"),
    }[str(visibility)]


def _language() -> str:
    return translation.get_language() or "fr"
