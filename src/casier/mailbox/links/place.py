"""The address of a link, as it stands in a message: nothing of it comes from a request."""

from __future__ import annotations

from django.conf import settings

from casier.directory.models import Academy, WebHost
from casier.kernel.instance import Port

PATH = "/lien/"
HTTPS = 443


def address_of(academy: Academy, token: str) -> str:
    """Where the file with TOKEN is fetched: on the academy's own host, whatever name the sender came by.

    `public_port` of `instance.toml` is the port that browsers use, where it isn't the one nginx listens on.
    """
    instance = settings.CASIER_INSTANCE
    hosts = WebHost.objects.filter(academy=academy).order_by("-is_primary", "host")
    host = hosts.values_list("host", flat=True).first() or "localhost"
    port = int(str(instance.settings.get("public_port", instance.port(Port.WEB))))
    return f"https://{host}{'' if port == HTTPS else f':{port}'}{PATH}{token}/"
