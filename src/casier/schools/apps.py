from django.apps import AppConfig


class Schools(AppConfig):
    name = "casier.schools"
    label = "schools"
