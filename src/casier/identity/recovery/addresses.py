"""Absolute addresses of the portal, by the directory alone: a request's Host header is anyone's."""

from __future__ import annotations

from django.conf import settings

from casier.directory.models import Academy
from casier.kernel.instance import Port

HTTPS = 443


def page_address(academy: Academy, path: str) -> str:
    """PATH (`/oubli/…`) at the academy's main host."""
    host = academy.hosts.order_by("-is_primary", "host").values_list("host", flat=True).first()
    instance = settings.CASIER_INSTANCE
    port = int(str(instance.settings.get("public_port", instance.port(Port.WEB))))
    return f"https://{host or academy.rp_id}{'' if port == HTTPS else f':{port}'}{path}"
