"""Every address of the platform's web application."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from casier.portal.api import api
from casier.portal.views import (
    accessibility,
    account,
    application,
    autoconfig,
    boxes,
    classes,
    departure,
    help,
    link,
    outgoing,
    own_data,
    preferences,
    sign_in,
    theme,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", sign_in.front_door),
    path("connexion/", sign_in.sign_in),
    path("connexion/langue/", preferences.language),
    path("deconnexion/", sign_in.sign_out),
    path("compte/", account.home),
    path("compte/sessions/fermer/", account.end_others),
    path("compte/sessions/<slug:digest>/fermer/", account.end_one),
    path("compte/preferences/", account.preferences),
    path("compte/logiciels/", account.programs),
    path("compte/classes/", classes.listed),
    path("compte/classes/<str:uai>/<path:name>/", classes.one),
    path("compte/boites/", boxes.listed),
    path("compte/boites/demander/", boxes.ask),
    path("compte/boites/demandes/<uuid:request_id>/retirer/", boxes.withdraw),
    path("compte/boites/<uuid:mailbox_id>/", boxes.members),
    path("compte/boites/<uuid:mailbox_id>/quitter/", boxes.leave),
    path("compte/depart/", departure.show),
    path("compte/depart/copie/", departure.copy),
    path("compte/donnees/", own_data.show),
    path("compte/donnees/copie/", own_data.ask),
    path("compte/donnees/<uuid:copy_id>/fichier/", own_data.fetch),
    path("lien/<str:token>/", link.page),
    path("lien/<str:token>/fichier/", link.fetch),
    path("sortie/", outgoing.outgoing),
    path("accessibilite/", accessibility.accessibility),
    path("aide/", help.index),
    path("aide/<slug:topic>/", help.topic),
    path("theme.css", theme.theme),
    path("manifest.webmanifest", application.manifest),
    path("icones/<slug:name>.png", application.icon_file),
    path("mail/config-v1.1.xml", autoconfig.autoconfig),
    path(".well-known/autoconfig/mail/config-v1.1.xml", autoconfig.autoconfig),
    path("api/", api.urls),
    # The rooms of identity, each with its own addresses.
    path("", include("casier.portal.entry.urls")),
    path("", include("casier.portal.activation.urls")),
    path("", include("casier.portal.factors.urls")),
    path("", include("casier.portal.means.urls")),
    path("", include("casier.portal.passwords.urls")),
    path("", include("casier.portal.recovery.urls")),
    path("", include("casier.portal.activity.urls")),
    path("", include("casier.portal.repair.urls")),
    path("console/", include("casier.console.urls")),
]

handler400 = "casier.portal.views.errors.bad_request"
handler403 = "casier.portal.views.errors.forbidden"
handler404 = "casier.portal.views.errors.not_found"
handler500 = "casier.portal.views.errors.server_error"
