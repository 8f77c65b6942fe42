"""A person's own pages; founding an enterprise; who runs it."""

from django.urls import path

from bocage.network.views import account, invitations, registration, team

app_name = "network"
urlpatterns = [
    path("me/", account.account, name="account"),
    path("me/profile/", account.profile, name="profile"),
    path("me/claims/", account.claims, name="claims"),
    path("me/data.json", account.data, name="data"),
    path("me/addresses/new/", account.new_address, name="new_address"),
    path("me/addresses/<int:address_id>/", account.address, name="address"),
    path("me/addresses/<int:address_id>/deletion/", account.address_deletion, name="address_deletion"),
    path("sell/new/", registration.what, name="register"),
    path("sell/new/where/", registration.where, name="register_where"),
    path("sell/new/who/", registration.who, name="register_who"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("invitations/<str:token>/acceptance/", invitations.acceptance, name="invitation_acceptance"),
    path("invitations/<str:token>/refusal/", invitations.refusal, name="invitation_refusal"),
    path("hub/<slug:slug>/team/", team.team, name="team"),
    path("hub/<slug:slug>/team/contacts/", team.contacts, name="contacts"),
    path("hub/<slug:slug>/team/owner/", team.owner, name="owner"),
    path("hub/<slug:slug>/team/<int:person_id>/", team.role, name="role"),
    path("hub/<slug:slug>/team/<int:person_id>/removal/", team.removal, name="removal"),
    path("hub/<slug:slug>/team/invitations/<int:invitation_id>/withdrawal/", team.withdrawal, name="withdrawal"),
]
