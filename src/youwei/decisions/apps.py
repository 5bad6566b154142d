"""Django registration of the room `decisions`."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "youwei.decisions"
    label = "decisions"
    default_auto_field = "django.db.models.BigAutoField"
