from django.apps import AppConfig


class Contributors(AppConfig):
    name = "casier.contributors"
    label = "contributors"
