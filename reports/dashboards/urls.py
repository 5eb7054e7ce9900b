"""Addresses of the dashboards, taken into reports.urls."""

from django.urls import path

from . import views

urlpatterns = [
    path("tong-quan", views.dashboard, name="dashboard"),
    path("tong-quan/xlsx", views.dashboard_export, name="dashboard_export"),
    path("viec-cua-toi", views.home, name="home"),
    path("viec-cua-toi/pdf", views.home_paper, name="home_paper"),
    path("viec-cua-toi/so", views.waiting_number, name="waiting_count"),
    path("so-lieu-chinh", views.public_figures, name="public_figures"),
]
