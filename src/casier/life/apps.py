from django.apps import AppConfig


class Life(AppConfig):
    name = "casier.life"
    label = "life"
