from django.apps import AppConfig


class ActivationPagesConfig(AppConfig):
    name = "casier.portal.activation"
    label = "portal_activation"
