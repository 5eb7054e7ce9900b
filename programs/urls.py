from django.urls import path

from . import views

app_name = "programs"

urlpatterns = [
    path("", views.ProgrammeList.as_view(), name="programme_list"),
    path("du-an", views.ProgrammeDetail.as_view(), name="component_list"),
    path("muc-tieu", views.TargetList.as_view(), name="target_list"),
    path("nguon-von", views.PublishedCapitalList.as_view(), name="capital_list"),
    path("che-do-bao-cao", views.MonitoringFormList.as_view(), name="form_list"),
    path("du-an/<slug:code>", views.ProgrammeDetail.as_view(), name="programme_detail"),
    path(
        "du-an/<slug:programme>/<str:code>",
        views.ComponentDetail.as_view(),
        name="component_detail",
    ),
]
