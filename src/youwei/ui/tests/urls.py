"""Addresses of the gallery, for the tests alone."""

from django.urls import path

from youwei.ui import views

urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
    path("gallery/tokens/", views.gallery_tokens, name="gallery-tokens"),
]
