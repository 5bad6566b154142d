"""Addresses of signing in and out."""

from django.urls import path

from youwei.organs import views

urlpatterns = [
    path("login/", views.sign_in, name="login"),
    path("login/first/", views.first_password, name="first-password"),
    path("logout/", views.sign_out, name="logout"),
]
