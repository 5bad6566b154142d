"""Addresses of the office's own matters."""

from django.urls import path

from youwei.desk.office import views

urlpatterns = [
    path("holidays/", views.holidays, name="holidays"),
    path("holidays/<int:pk>/", views.redating, name="redating"),
    path("holidays/<int:pk>/progress/", views.progress, name="redating-progress"),
    path("holidays/<int:pk>/confirm/", views.confirm, name="redating-confirm"),
    path("holidays/<int:pk>/discard/", views.discard, name="redating-discard"),
]
