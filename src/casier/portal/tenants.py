"""Which academy a page belongs to: that of the person signed in, else that of the host name."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from casier.directory.models import Academy, WebHost
from casier.identity.models import User


@dataclass(frozen=True, slots=True)
class Door:
    """An academy's own sign-in page, for who arrives at a host of none."""

    academy: Academy
    url: str


def host_name(request: HttpRequest) -> str:
    """The host without its port, in lower case."""
    return request.get_host().rpartition(":")[0].lower() or request.get_host().lower()


def academy_of_host(request: HttpRequest) -> Academy | None:
    """The academy whose host name the request came to. Read once a request: a page asks several times."""
    kept = vars(request)
    if "academy_of_host" not in kept:
        found = WebHost.objects.select_related("academy").filter(host=host_name(request)).first()
        kept["academy_of_host"] = found.academy if found else None
    academy: Academy | None = kept["academy_of_host"]
    return academy


def academy_of_page(request: HttpRequest) -> Academy | None:
    """The academy whose name and colours the page wears."""
    user = getattr(request, "user", None)
    if isinstance(user, User):
        return user.account.academy
    return academy_of_host(request)


def doors(request: HttpRequest) -> list[Door]:
    """Every academy's own address, on the port that this request came to."""
    _, colon, port = request.get_host().partition(":")
    hosts = WebHost.objects.select_related("academy").filter(is_primary=True).order_by("academy__name")
    return [Door(host.academy, f"{request.scheme}://{host.host}{colon}{port}/connexion/") for host in hosts]
