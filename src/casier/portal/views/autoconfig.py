"""Settings for Thunderbird, found by the domain of the address (autoconfig, config-v1.1)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casier.directory.models import Academy, MailDomain, WebHost
from casier.kernel.instance import Port
from casier.portal.tenants import host_name


@require_safe
def autoconfig(request: HttpRequest) -> HttpResponse:
    """Ports and names for `?emailaddress=`; by the host's academy when the address tells none."""
    domain = request.GET.get("emailaddress", "").rpartition("@")[2].lower()
    found = MailDomain.objects.filter(name=domain).first()
    if found is None:
        host = WebHost.objects.filter(host=host_name(request)).first()
        found = MailDomain.objects.filter(academy=host.academy, is_primary=True).first() if host else None
    if found is None:
        found = MailDomain.objects.filter(is_primary=True).order_by("name").first()
    if found is None:
        return HttpResponse(status=404)
    names = found.academy.domains.order_by("-is_primary", "name").values_list("name", flat=True)
    facts = {"academy": found.academy, "domains": list(names), **mail_ports()}
    facts["host"] = mail_host(request, found.academy)
    return render(request, "portal/autoconfig.xml", facts, content_type="text/xml; charset=utf-8")


def mail_host(request: HttpRequest, academy: Academy) -> str:
    """The name under which mail programs connect: the one asked under, when it is a portal's.

    Thunderbird also asks at `autoconfig.<domain>` and at the bare domain, where no mail server need be.
    """
    asked = host_name(request)
    hosts = WebHost.objects.filter(academy=academy).order_by("-is_primary")
    if asked == "localhost" or hosts.filter(host=asked).exists():
        return asked
    primary = hosts.first()
    return primary.host if primary else asked


def mail_ports() -> dict[str, int]:
    """The public ports of this instance."""
    instance = settings.CASIER_INSTANCE
    return {
        "imaps": instance.port(Port.IMAPS),
        "smtps": instance.port(Port.SMTPS),
        "submission": instance.port(Port.SUBMISSION),
    }
