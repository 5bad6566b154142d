"""Django registration of the room `documents`."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "youwei.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
