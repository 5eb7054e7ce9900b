"""Addresses of the thematic dashboards, taken into reports.urls."""

from django.urls import path

from . import views

ROOM = "chuyen-de"

urlpatterns = [
    path(ROOM, views.theme_index, name="theme_index"),
    path(f"{ROOM}/<slug:slug>", views.theme, name="theme"),
    path(f"{ROOM}/<slug:slug>/tep.<slug:kind>", views.theme_file, name="theme_file"),
    path(f"{ROOM}/<slug:slug>/<slug:key>.<slug:kind>", views.panel_file, name="panel_file"),
]
