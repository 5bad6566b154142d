"""Addresses of what goes through paper, below those of cases."""

from django.urls import path

from youwei.desk.paperwork import views

urlpatterns = [
    path("<int:pk>/sheet/<str:step>/", views.sheet, name="case-sheet"),
    path("<int:pk>/sheet/<str:step>/word/", views.sheet_word, name="case-sheet-word"),
    path("<int:pk>/scans/<int:target>/", views.scans, name="case-scans"),
    path("<int:pk>/on-paper/<str:step>/", views.on_paper, name="case-on-paper"),
]
