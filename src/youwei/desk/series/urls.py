"""Addresses of linked series."""

from django.urls import path

from youwei.desk.series import views

urlpatterns = [
    path("", views.series_list, name="series-list"),
    path("new/", views.new, name="series-new"),
    path("<int:pk>/", views.series, name="series"),
    path("<int:pk>/members/", views.members, name="series-members"),
]
