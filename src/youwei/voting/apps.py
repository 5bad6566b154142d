"""Django registration of the room `voting`."""

from django.apps import AppConfig


class VotingConfig(AppConfig):
    name = "youwei.voting"
    label = "voting"
    default_auto_field = "django.db.models.BigAutoField"
