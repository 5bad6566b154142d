"""Addresses of importing."""

from django.urls import path

from youwei.desk.importing import views, writing

urlpatterns = [
    path("", views.start, name="import-start"),
    path("<int:pk>/", writing.batch, name="import"),
    path("<int:pk>/columns/", views.columns, name="import-columns"),
    path("<int:pk>/review/", views.review, name="import-review"),
    path("<int:pk>/rows/<int:number>/", views.row, name="import-row"),
    path("<int:pk>/answers/", views.answers, name="import-answers"),
    path("<int:pk>/organs/", views.organs, name="import-organs"),
    path("<int:pk>/refused/", views.refused, name="import-refused"),
    path("<int:pk>/write/", writing.write, name="import-write"),
    path("<int:pk>/progress/", writing.progress, name="import-progress"),
    path("<int:pk>/undo/", writing.undo, name="import-undo"),
    path("<int:pk>/discard/", writing.discard, name="import-discard"),
]
