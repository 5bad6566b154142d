"""Addresses of the ledger."""

from django.urls import path

from youwei.desk.ledger import views

urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("export/", views.export, name="ledger-export"),
    path("<int:pk>/", views.decision, name="decision"),
]
