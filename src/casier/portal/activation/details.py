"""What the pages show of a person: details to confirm, the memo to keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from casier.directory.access import primary_address
from casier.directory.models import Account, Posting
from casier.identity.factors.api import usable_methods
from casier.policies.api import policy_for
from casier.portal.views.autoconfig import mail_host


@dataclass(frozen=True, slots=True)
class Post:
    """A function in a school, in words."""

    function: str
    school: str


@dataclass(frozen=True, slots=True)
class Details:
    """What the directory knows of someone, as far as a page may show it."""

    name: str
    birth_name: str
    born: str  # `••/••/1987`: enough to see a mistake, not enough to copy
    posts: Sequence[Post]
    address: str
    aliases: Sequence[str]


@dataclass(frozen=True, slots=True)
class Memo:
    """What a newcomer should keep."""

    name: str
    address: str
    aliases: Sequence[str]
    web: str
    names: Sequence[str]  # what may be typed as the sign-in name, in words
    mail_host: str
    factors: Sequence[str]
    application_passwords: bool


def details_of(account: Account) -> Details:
    """ACCOUNT's person as the directory knows them."""
    person, born = account.person, account.person.birth_date
    postings = Posting.objects.filter(person=person).select_related("school").order_by("pk")
    return Details(
        name=" ".join(part for part in (person.title, person.full_name) if part),
        birth_name=person.birth_name,
        born=f"••/••/{born.year}" if born else "",
        posts=[_post(posting) for posting in postings],
        address=primary_address(account),
        aliases=_aliases(account),
    )


def memo_of(request: HttpRequest, account: Account) -> Memo:
    """What ACCOUNT's person should keep."""
    methods = {
        "totp": _("une application sur votre téléphone"),
        "webauthn": _("une clé de sécurité ou une clé d’accès"),
        "sms": _("un code par SMS"),
        "voice": _("un code par appel"),
        "recovery_codes": _("vos codes de secours sur papier"),
    }
    return Memo(
        name=account.person.full_name,
        address=primary_address(account),
        aliases=_aliases(account),
        web=f"{request.scheme}://{request.get_host()}/",
        names=_names(account),
        mail_host=mail_host(request, account.academy),
        factors=[methods[name] for name in usable_methods(account) if name in methods],
        application_passwords=policy_for(account.academy).app_passwords.allowed,
    )


def _names(account: Account) -> list[str]:
    """What one may type to sign in, by policy, the handiest first."""
    rules = policy_for(account.academy).sign_in
    address = primary_address(account)
    known = {
        "local_name": address.partition("@")[0],
        "address": address,
        "arrival_code": _("le code de votre feuille d’arrivée"),
        "numen": _("votre NUMEN"),
    }
    names = [name for name in known if name in rules.names]
    if rules.numen_first_only:
        names = [name for name in names if name != "numen"]
    return [known[name] for name in names] or [address]


def _post(posting: Posting) -> Post:
    school = posting.school
    place = ", ".join(part for part in (school.name, school.city) if part) if school else ""
    return Post(posting.label or _functions().get(posting.function, ""), place)


def _functions() -> dict[str, str]:
    """The functions of the national feed (AAF) in words."""
    return {
        "ENS": _("Enseignement"),
        "DIR": _("Direction"),
        "DOC": _("Documentation"),
        "EDU": _("Éducation"),
        "ADF": _("Administration"),
        "ADA": _("Administration académique"),
        "CTR": _("Direction déléguée aux formations"),
        "AED": _("Assistance d’éducation"),
        "SUR": _("Surveillance"),
        "AES": _("Accompagnement des élèves"),
        "ORI": _("Orientation"),
        "MDS": _("Santé"),
        "ASS": _("Service social"),
        "LAB": _("Laboratoire"),
        "OUV": _("Service technique"),
    }


def _aliases(account: Account) -> list[str]:
    rows = account.addresses.filter(retired_at=None, is_primary=False).order_by("address")
    return list(rows.values_list("address", flat=True))
