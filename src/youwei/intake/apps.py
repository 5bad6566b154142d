"""Django registration of the room `intake`."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "youwei.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
