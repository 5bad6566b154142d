"""Django registration of the room `desk`."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "youwei.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
