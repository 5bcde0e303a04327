from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "casier.directory"
    label = "directory"
