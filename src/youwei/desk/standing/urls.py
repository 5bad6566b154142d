"""Addresses of standing in and handing over: for oneself and one's organ, and for the security administrator."""

from django.urls import path

from youwei.desk.standing import views

urlpatterns = [
    path("standing-in/", views.standing, name="standing-in"),
    path("standing-in/<int:pk>/", views.arrange, name="standing-in-for"),
    path("standing-in/<int:pk>/end/", views.end, name="standing-in-end"),
    path("accounts/<int:pk>/standing-in/", views.arrange_any, name="account-standing-in"),
]
