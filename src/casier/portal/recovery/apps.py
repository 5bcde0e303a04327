from django.apps import AppConfig


class RecoveryPagesConfig(AppConfig):
    name = "casier.portal.recovery"
    label = "portal_recovery"
