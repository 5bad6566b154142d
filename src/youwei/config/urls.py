"""Root addresses: each room brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("youwei.organs.urls")),
    path("", include("youwei.desk.urls")),
    path("statistics/", include("youwei.statistics.urls")),
]
handler400 = "youwei.desk.faults.bad_request"
handler403 = "youwei.desk.faults.forbidden"
handler404 = "youwei.desk.faults.not_found"
handler500 = "youwei.desk.faults.failure"
