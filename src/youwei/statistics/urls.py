"""Addresses of figures."""

from django.urls import path

from youwei.statistics import views

urlpatterns = [
    path("", views.index, name="figures"),
    path("list/", views.listing, name="figures-list"),
    path("procedures/", views.works, name="figures-procedures"),
    path("procedures/export/", views.works_export, name="figures-procedures-export"),
    path("procedures/<slug:family>/", views.procedure, name="figures-procedure"),
    path("export/", views.export, name="figures-export"),
]
