"""A person's own pages; founding an enterprise; who runs it."""

from django.urls import path

from bocage.network.views import account, agreements, groups, invitations, registration, team

app_name = "network"
urlpatterns = [
    path("me/", account.account, name="account"),
    path("me/profile/", account.profile, name="profile"),
    path("me/claims/", account.claims, name="claims"),
    path("me/data.json", account.data, name="data"),
    path("me/erasure/", account.erasure, name="erasure"),
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
    path("hub/<slug:slug>/rights/", agreements.rights, name="rights"),
    path("hub/<slug:slug>/agreements/", agreements.agreements, name="agreements"),
    path("hub/<slug:slug>/agreements/with/<slug:partner>/", agreements.proposal, name="proposal"),
    path("hub/<slug:slug>/agreements/<int:agreement_id>/page/", agreements.partner_page, name="partner_page"),
    path(
        "hub/<slug:slug>/agreements/<int:agreement_id>/acceptance/", agreements.acceptance, name="agreement_acceptance"
    ),
    path("hub/<slug:slug>/agreements/<int:agreement_id>/refusal/", agreements.refusal, name="agreement_refusal"),
    path(
        "hub/<slug:slug>/agreements/<int:agreement_id>/withdrawal/", agreements.withdrawal, name="agreement_withdrawal"
    ),
    path("hub/<slug:slug>/agreements/<int:agreement_id>/end/", agreements.end, name="agreement_end"),
    path("groups/", groups.groups, name="groups"),
    path("groups/new/", groups.new_group, name="new_group"),
    path("groups/<slug:slug>/", groups.group, name="group"),
    path("groups/<slug:slug>/words/", groups.edit_group, name="edit_group"),
    path("groups/<slug:slug>/members/<int:enterprise_id>/", groups.group_asking, name="group_asking"),
    path("groups/<slug:slug>/members/<int:enterprise_id>/removal/", groups.group_removal, name="group_removal"),
    path("hub/<slug:slug>/groups/", groups.belongings, name="belongings"),
    path("hub/<slug:slug>/groups/<int:group_id>/joining/", groups.joining, name="joining"),
    path("hub/<slug:slug>/groups/<int:group_id>/leaving/", groups.leaving, name="leaving"),
]
