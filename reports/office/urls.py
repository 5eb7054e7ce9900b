"""Addresses of the committee's own records, taken into reports.urls."""

from django.urls import path

from . import views

PLAN = "cong-viec/ke-hoach/<int:plan_pk>"

urlpatterns = [
    path("cong-viec", views.office, name="office"),
    path(PLAN, views.plan_detail, name="plan_detail"),
    path(f"{PLAN}/nhiem-vu/them", views.TaskEdit.as_view(), name="task_create"),
    path(f"{PLAN}/nhiem-vu/<int:pk>", views.TaskEdit.as_view(), name="task_edit"),
    path(f"{PLAN}/nhiem-vu/<int:pk>/bo", views.task_remove, name="task_remove"),
    path("cong-viec/<slug:kind>", views.KeptList.as_view(), name="kept_list"),
    path("cong-viec/<slug:kind>/them", views.KeptEdit.as_view(), name="kept_create"),
    path("cong-viec/<slug:kind>/<int:pk>/sua", views.KeptEdit.as_view(), name="kept_edit"),
    path("cong-viec/<slug:kind>/<int:pk>/bo", views.kept_remove, name="kept_remove"),
    path(
        "bao-cao/<int:pk>/muc/<int:section_pk>/lay-tu-cong-viec",
        views.TakeRecords.as_view(),
        name="take_records",
    ),
]
