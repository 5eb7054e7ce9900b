"""Addresses of profiles and of the search that leads to them, taken into reports.urls."""

from django.urls import path

from . import views

urlpatterns = [
    path("tim", views.search, name="search"),
    path("tim/goi-y", views.suggestions, name="search_suggestions"),
    path("ho-so/dan-toc/<str:code>", views.group, name="group_profile"),
    path("ho-so/dan-toc/<str:code>/pdf", views.group_paper, name="group_profile_paper"),
    path("ho-so/<slug:kind>/<str:code>", views.unit, name="unit_profile"),
    path("ho-so/<slug:kind>/<str:code>/pdf", views.unit_paper, name="unit_profile_paper"),
]
