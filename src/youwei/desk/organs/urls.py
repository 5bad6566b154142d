"""Addresses of organs."""

from django.urls import path

from youwei.desk.organs import views

urlpatterns = [
    path("", views.organs, name="organs"),
    path("new/", views.new, name="organ-new"),
    path("roster/", views.roster, name="organ-roster"),
    path("<int:pk>/", views.organ, name="organ"),
    path("<int:pk>/people/", views.people, name="organ-people"),
    path("<int:pk>/<str:act>/", views.change, name="organ-change"),
]
