"""commons/decisions/, commons/members/, commons/assemblies/: the members' house."""

from django.urls import path

from bocage.cooperative.governance.views import assemblies, ballots, house, members

app_name = "governance"
urlpatterns = [
    path("commons/decisions/", house.house, name="house"),
    path("commons/decisions/new/", house.propose, name="propose"),
    path("commons/decisions/recount/", ballots.recount, name="recount"),
    path("commons/decisions/<int:number>/", house.proposal, name="proposal"),
    path("commons/decisions/<int:number>/ballot/", ballots.ballot, name="ballot"),
    path("commons/decisions/<int:number>/results/<int:round>/", ballots.result, name="result"),
    path("commons/decisions/<int:number>/results/<int:round>/<slug:form>/", ballots.result_file, name="result_file"),
    path("commons/decisions/<int:number>/acts/<slug:act>/", house.act, name="act"),
    path("commons/members/", members.membership, name="membership"),
    path("commons/members/joining/", members.join, name="join"),
    path("commons/members/leaving/<int:member_id>/", members.leaving, name="leaving"),
    path("commons/members/delegations/", members.delegations, name="delegations"),
    path("commons/members/delegations/<int:delegation_id>/taking-back/", members.taking_back, name="taking_back"),
    path("commons/members/register/", members.register, name="register"),
    path("commons/members/register/csv/", members.register_file, name="register_file"),
    path("commons/members/register/<int:member_id>/<slug:act>/", members.register_act, name="register_act"),
    path("commons/assemblies/new/", assemblies.call, name="call"),
    path("commons/assemblies/<int:assembly_id>/", assemblies.assembly, name="assembly"),
    path("commons/assemblies/<int:assembly_id>/minutes/", assemblies.minutes, name="minutes"),
    path("commons/assemblies/<int:assembly_id>/presence/", assemblies.presence, name="presence"),
    path("commons/assemblies/<int:assembly_id>/signing/", assemblies.signing, name="signing"),
]
