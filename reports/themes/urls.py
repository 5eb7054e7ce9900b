"""Addresses of the thematic dashboards, taken into reports.urls."""

from django.urls import path

from . import composing, rotating, views

ROOM = "chuyen-de"

urlpatterns = [
    path(ROOM, views.theme_index, name="theme_index"),
    path(f"{ROOM}/trinh-chieu", rotating.rotation, name="rotation"),
    path(f"{ROOM}/soan", composing.board_list, name="board_list"),
    path(f"{ROOM}/soan/<int:pk>", composing.board_edit, name="board_edit"),
    path(f"{ROOM}/soan/<int:pk>/xoa", composing.board_delete, name="board_delete"),
    path(f"{ROOM}/soan/<int:pk>/them-bang", composing.panel_add, name="board_panel_add"),
    path(f"{ROOM}/soan/bang/<int:pk>", composing.panel_change, name="board_panel_change"),
    path(f"{ROOM}/trang/<int:pk>", views.board, name="board"),
    path(f"{ROOM}/trang/<int:pk>/tep.<slug:kind>", views.board_file, name="board_file"),
    path(f"{ROOM}/trang/<int:pk>/<slug:key>.<slug:kind>", views.board_panel, name="board_panel"),
    path(f"{ROOM}/<slug:slug>", views.theme, name="theme"),
    path(f"{ROOM}/<slug:slug>/tep.<slug:kind>", views.theme_file, name="theme_file"),
    path(f"{ROOM}/<slug:slug>/<slug:key>.<slug:kind>", views.panel_file, name="panel_file"),
]
