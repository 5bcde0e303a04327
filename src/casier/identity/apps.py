from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "casier.identity"
    label = "identity"
