from django.apps import AppConfig


class Rights(AppConfig):
    name = "casier.rights"
    label = "rights"
