"""Addresses for opening cases by hand."""

from django.urls import path

from youwei.desk.opening import views

urlpatterns = [
    path("new-person/", views.newcomer, name="person-new"),
    path("of/<slug:family>/", views.choose, name="case-choose"),
    path("<slug:kind>/<int:pk>/", views.offers, name="case-offers"),
    path("<slug:kind>/<int:pk>/<slug:family>/", views.start, name="case-start"),
]
