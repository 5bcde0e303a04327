from django.apps import AppConfig


class RecoveryConfig(AppConfig):
    name = "casier.identity.recovery"
    label = "identity_recovery"
