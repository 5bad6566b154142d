"""Addresses of people."""

from django.urls import path

from youwei.desk.people import views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("find/", views.find, name="find"),
    path("people/", views.people, name="people"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/identity/", views.identity, name="person-identity"),
    path("people/<int:pk>/name/", views.name, name="person-name"),
    path("people/<int:pk>/shelf/", views.shelf, name="person-shelf"),
]
