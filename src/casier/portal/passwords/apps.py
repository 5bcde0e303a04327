from django.apps import AppConfig


class PasswordsPagesConfig(AppConfig):
    name = "casier.portal.passwords"
    label = "portal_passwords"
