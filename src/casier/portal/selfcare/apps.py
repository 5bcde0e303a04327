from django.apps import AppConfig


class SelfcarePagesConfig(AppConfig):
    name = "casier.portal.selfcare"
    label = "portal_selfcare"
