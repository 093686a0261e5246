"""The pages about people, and the way in by a link."""

from __future__ import annotations

from django.urls import path

from accounts.people.pages import duties, links, offices, people

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/proposals/", offices.proposals, name="proposals"),
    path("people/proposals/<int:pk>/", offices.proposal, name="proposal"),
    path("people/duties/<int:pk>/end/", duties.end_duty, name="end_duty"),
    path("people/appointments/<int:pk>/end/", offices.end_appointment, name="end_appointment"),
    path("people/links/<int:pk>/revoke/", links.revoke_link, name="revoke_link"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/link/", links.send_link, name="send_link"),
    path("people/<int:pk>/duty/", duties.give_duty, name="give_duty"),
    path("people/<int:pk>/propose/", offices.propose, name="propose"),
    path("people/<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<int:pk>/reactivate/", people.reactivate, name="reactivate"),
    path("account/link/", links.choose_password, name="choose_password"),
    path("account/link/<str:secret>/", links.use_link, name="use_link"),
]
