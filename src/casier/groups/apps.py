from django.apps import AppConfig


class Groups(AppConfig):
    name = "casier.groups"
    label = "groups"
