"""Instances that share one software: its addresses."""

from django.urls import path

from bocage.cooperative.federation.views import feeds, proposals, sharing

app_name = "federation"
urlpatterns = [
    path("commons/sharing/", sharing.sharing, name="sharing"),
    path("commons/sharing/instances/", proposals.instances, name="instances"),
    path("commons/sharing/proposals/<int:proposal_id>/", proposals.proposal, name="proposal"),
    path("commons/sharing/proposals/<int:proposal_id>/vote/", proposals.vote, name="vote"),
    path("commons/sharing/decisions/<int:year>/", proposals.decision, name="decision"),
    path("commons/sharing/<slug:form>/", sharing.sharing_file, name="sharing_file"),
    path(".well-known/commons-federation.json", feeds.about, name="about"),
    path("federation/v1/entries", feeds.entries, name="entries"),
    path("federation/v1/head", feeds.head, name="head"),
]
