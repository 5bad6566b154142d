"""Addresses of the library of guiding cases."""

from django.urls import path

from youwei.desk.guiding import views

urlpatterns = [
    path("", views.library, name="guiding"),
    path("find/", views.find, name="guiding-find"),
    path("new/", views.new, name="guiding-new"),
    path("<int:pk>/", views.one, name="guiding-one"),
    path("<int:pk>/edit/", views.edit, name="guiding-edit"),
    path("<int:pk>/publish/", views.publish, name="guiding-publish"),
    path("<int:pk>/withdraw/", views.withdraw, name="guiding-withdraw"),
]
