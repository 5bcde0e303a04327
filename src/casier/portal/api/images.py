"""Remote images that a reader consented to: `/api/images` writes the addresses that show them."""

from __future__ import annotations

import time
from functools import cache
from typing import Annotated, cast

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Field, Router, Schema

from casier.edge.images.proxy import reach_of
from casier.edge.images.reach import LONGEST, Refused, Target
from casier.edge.images.signing import Signer
from casier.identity.models import User
from casier.kernel.errors import CasierError
from casier.kernel.instance import Instance
from casier.portal.api.access import signed_in
from casier.portal.api.words import Words

router = Router()
MOST = 300  # images of one message


class NoOutside(CasierError):
    """This installation reaches nothing outside."""

    code = "images_no_outside"


class Wanted(Schema):
    """Addresses as they stand in a message."""

    urls: Annotated[list[str], Field(max_length=MOST)]


class Signed(Schema):
    """For each address ours, or nothing where it can't be an image of the web."""

    urls: list[str | None]


@router.post("", response=Signed, auth=signed_in)
def post_images(request: HttpRequest, wanted: Wanted) -> Signed:
    """Write an address of ours for each image. Nothing is fetched yet."""
    instance = Instance.load()
    if reach_of(instance)().nowhere:
        raise NoOutside
    account = cast("User", request.user).account.public_id
    signer, now = _signer(), time.time()
    return Signed(urls=[signer.sign(account, url, now) if _readable(url) else None for url in wanted.urls])


@cache
def _signer() -> Signer:
    return Signer(Instance.load().key("token"))


def _readable(url: str) -> bool:
    try:
        Target.parse(url)
    except Refused:
        return False
    return len(url) <= LONGEST


def words() -> dict[str, Words]:
    """Refusals of this part, in the person's language."""
    if (get_language() or "fr").startswith("en"):
        said = Words(
            422,
            "Images not available",
            "This installation reaches nothing outside: remote images cannot be shown here.",
        )
    else:
        said = Words(
            422,
            "Images indisponibles",
            "Cette installation n’a pas d’accès à l’extérieur : les images distantes ne peuvent pas y être "
            "affichées.",
        )
    return {"images_no_outside": said}
