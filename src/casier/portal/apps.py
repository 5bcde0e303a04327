from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "casier.portal"
    label = "portal"
