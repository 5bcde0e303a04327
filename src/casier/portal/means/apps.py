from django.apps import AppConfig


class MeansPagesConfig(AppConfig):
    name = "casier.portal.means"
    label = "portal_means"
