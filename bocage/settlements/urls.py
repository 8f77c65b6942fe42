"""Statements: hub/<slug>/settlements/, for a hub and for a farm alike."""

from django.urls import path

from bocage.settlements import transfer_views, views

app_name = "settlements"
HERE = "hub/<slug:slug>/settlements/"
ONE = f"{HERE}<int:statement_id>/"
urlpatterns = [
    path(HERE, views.statements, name="list"),
    path(f"{HERE}drafts/", views.drafts, name="drafts"),
    path(f"{HERE}transfers/", transfer_views.transfers, name="transfers"),
    path(f"{HERE}transfers/<int:file_id>.xml", transfer_views.transfer_file, name="transfer_file"),
    path(ONE, views.statement, name="statement"),
    path(f"{ONE}statement.<slug:kind>", views.file, name="file"),
    path(f"{ONE}approval/", views.approval, name="approval"),
    path(f"{ONE}agreement/", views.agreement, name="agreement"),
    path(f"{ONE}freezing/", views.freezing, name="freezing"),
    path(f"{ONE}contests/<int:line_id>/", views.contest, name="contest"),
    path(f"{ONE}answers/<int:contest_id>/", views.answer, name="answer"),
    path(f"{ONE}payment/", views.payment, name="payment"),
]
