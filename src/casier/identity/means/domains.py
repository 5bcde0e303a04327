"""The platform's own domains: no way back leads through them."""

from __future__ import annotations

from casier.directory.models import MailDomain, WebHost


def own_domains() -> frozenset[str]:
    """Mail domains and hosts of the portals."""
    mail = MailDomain.objects.values_list("name", flat=True)
    hosts = WebHost.objects.values_list("host", flat=True)
    return frozenset(name.lower() for name in {*mail, *hosts})
