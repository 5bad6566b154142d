"""Addresses of procedures."""

from django.urls import path

from youwei.desk.packs import views

urlpatterns = [
    path("", views.packs, name="packs"),
    path("<slug:procedure>/<str:version>/", views.pack, name="pack"),
    path("<slug:procedure>/<str:version>/units/", views.units, name="pack-units"),
    path("<slug:procedure>/<str:version>/compare/<slug:other>/<str:at>/", views.compared, name="pack-compare"),
]
