"""The ui room as a Django application."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, static files and tags; no models."""

    name = "youwei.ui"
    label = "ui"
    verbose_name = "界面"
