from django.apps import AppConfig


class Privacy(AppConfig):
    name = "casier.privacy"
    label = "privacy"
