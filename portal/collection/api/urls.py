"""Addresses under /api/v1/."""

from django.urls import path

from . import datasets, submissions

app_name = "api"

urlpatterns = [
    path("bieu", datasets.all_datasets, name="dataset_list"),
    path("bieu/<str:dataset>", datasets.one_dataset, name="dataset"),
    path("bieu/<str:dataset>/<str:unit>/<str:period>", datasets.duty, name="duty"),
    path("bo", submissions.all_submissions, name="submission_list"),
    path("bo/<int:pk>", submissions.one_submission, name="submission"),
    path("bo/<int:pk>/so-lieu", submissions.values, name="values"),
    path("bo/<int:pk>/ly-do", submissions.reasons, name="reasons"),
    path("bo/<int:pk>/cong-van", submissions.letter, name="letter"),
    path("bo/<int:pk>/nop", submissions.handing_in, name="submit"),
]
