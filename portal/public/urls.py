"""Addresses that need no account."""

from django.urls import path

from . import views

app_name = "public"

urlpatterns = [
    path("", views.home, name="home"),
    path("tra-cuu-van-ban/", views.document_list, name="document_list"),
    path("tra-cuu-van-ban/<int:pk>/", views.document_detail, name="document_detail"),
    path("tra-cuu-van-ban/<int:pk>/tep/", views.document_file, name="document_file"),
    path(
        "tra-cuu-van-ban/<int:pk>/phu-luc/<int:annex_pk>/",
        views.document_annex,
        name="document_annex",
    ),
    path("gioi-thieu/", views.about, name="about"),
    path("bao-loi/", views.feedback, name="feedback"),
    path("bao-loi/da-nhan/", views.feedback_sent, name="feedback_sent"),
    path("gop-y/", views.feedback_list, name="feedback_list"),
    path("gop-y/<int:pk>/", views.feedback_handle, name="feedback_handle"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
]
