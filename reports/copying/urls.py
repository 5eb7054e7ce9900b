"""Addresses of copies, taken into reports.urls."""

from django.urls import path

from . import views

COPY = "ban-sao/<int:pk>"

urlpatterns = [
    path("ban-sao", views.copy_list, name="copy_list"),
    path("ban-sao/van-ban/<int:document_pk>", views.document_copies, name="document_copies"),
    path("ban-sao/van-ban/<int:document_pk>/lap", views.copy_create, name="copy_create"),
    path(COPY, views.copy_detail, name="copy_detail"),
    path(f"{COPY}/tien-do", views.copy_progress, name="copy_progress"),
    path(f"{COPY}/cap-so", views.copy_number, name="copy_number"),
    path(f"{COPY}/ky-so", views.copy_seal, name="copy_seal"),
    path(f"{COPY}/bo", views.copy_drop, name="copy_drop"),
    path(f"{COPY}/tep/<slug:which>", views.copy_file, name="copy_file"),
]
