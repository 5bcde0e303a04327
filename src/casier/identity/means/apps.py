from django.apps import AppConfig


class MeansConfig(AppConfig):
    name = "casier.identity.means"
    label = "identity_means"
