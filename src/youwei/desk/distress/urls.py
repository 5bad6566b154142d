"""Addresses about distress: said on a case, followed up, and the list of whom to call."""

from django.urls import path

from youwei.desk.distress import views

urlpatterns = [
    path("contacts/", views.contacts, name="care-contacts"),
    path("case/<int:pk>/", views.report, name="distress-report"),
    path("<int:pk>/", views.follow_up, name="distress"),
]
