"""What the commands on a person's access share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from django.utils import timezone

from casier.boot.words import say
from casier.directory.access import academy_named
from casier.directory.models import Academy

OneId = Annotated[
    str, typer.Argument(metavar="ID", help=say("Celui que montre la liste", "As lists show it"))
]


def academies(slug: str) -> list[Academy]:
    """The one of that name, or all."""
    return [academy_named(slug)] if slug else list(Academy.objects.order_by("slug"))


def local(moment: datetime) -> str:
    """MOMENT as people read it."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
