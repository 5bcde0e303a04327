"""The addresses of this room's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_POST

from casier.portal.entry.road import prove_again

urlpatterns: list[URLPattern | URLResolver] = [
    path("connexion/autre-appareil/", require_POST(prove_again)),
]
