from django.apps import AppConfig


class ActivationConfig(AppConfig):
    name = "casier.identity.activation"
    label = "identity_activation"
