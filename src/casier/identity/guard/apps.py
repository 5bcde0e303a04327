from django.apps import AppConfig


class GuardConfig(AppConfig):
    name = "casier.identity.guard"
    label = "identity_guard"
