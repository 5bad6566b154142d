"""Addresses of the desk: each page brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("youwei.desk.work.urls")),
    path("", include("youwei.desk.people.urls")),
    path("eligibility/", include("youwei.desk.eligibility.urls")),
    path("signatures/", include("youwei.desk.signatures.urls")),
    path("people/", include("youwei.desk.careers.urls")),
    path("", include("youwei.desk.standing.urls")),
    path("ledger/", include("youwei.desk.ledger.urls")),
    path("decisions/", include("youwei.desk.recording.urls")),
    path("decisions/", include("youwei.desk.altering.urls")),
    path("series/", include("youwei.desk.series.urls")),
    path("imports/", include("youwei.desk.importing.urls")),
    path("opening/", include("youwei.desk.opening.urls")),
    path("cases/", include("youwei.desk.cases.urls")),
    path("cases/", include("youwei.desk.paperwork.urls")),
    path("cases/", include("youwei.desk.names.urls")),
    path("", include("youwei.desk.voting.urls")),
    path("care/", include("youwei.desk.distress.urls")),
    path("together/", include("youwei.desk.together.urls")),
    path("batches/", include("youwei.desk.batches.urls")),
    path("accounts/", include("youwei.desk.accounts.urls")),
    path("settings/", include("youwei.desk.settings.urls")),
    path("office/", include("youwei.desk.office.urls")),
    path("organs/", include("youwei.desk.organs.urls")),
    path("backups/", include("youwei.desk.safekeeping.urls")),
    path("guiding/", include("youwei.desk.guiding.urls")),
    path("packs/", include("youwei.desk.drafting.urls")),
    path("packs/", include("youwei.desk.moving.urls")),
    path("packs/", include("youwei.desk.packs.urls")),
]
