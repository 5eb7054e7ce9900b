from django.urls import include, path

from . import views

app_name = "programs"

# what one programme is made of, entered by who has programs.design
design = [
    path("", views.ProgrammeUpdate.as_view(), name="programme_update"),
    path("giai-doan/them", views.PhaseCreate.as_view(), name="phase_create"),
    path("giai-doan/<int:pk>", views.PhaseUpdate.as_view(), name="phase_update"),
    path("du-an/them", views.ComponentCreate.as_view(), name="component_create"),
    path("du-an/<str:code>/sua", views.ComponentUpdate.as_view(), name="component_update"),
    path(
        "du-an/<str:code>/dia-ban/them",
        views.ApplicabilityCreate.as_view(),
        name="applicability_create",
    ),
    path(
        "du-an/<str:code>/dia-ban/<int:pk>",
        views.ApplicabilityUpdate.as_view(),
        name="applicability_update",
    ),
    path("muc-tieu/them", views.TargetCreate.as_view(), name="target_create"),
    path("muc-tieu/<int:pk>", views.TargetUpdate.as_view(), name="target_update"),
    path("bieu/them", views.MonitoringFormCreate.as_view(), name="monitoring_form_create"),
    path("bieu/<int:pk>", views.MonitoringFormUpdate.as_view(), name="monitoring_form_update"),
]

urlpatterns = [
    path("", views.ProgrammeList.as_view(), name="programme_list"),
    path("du-an", views.ProgrammeDetail.as_view(), name="component_list"),
    path("muc-tieu", views.TargetList.as_view(), name="target_list"),
    path(
        "muc-tieu/<slug:programme>/<str:code>", views.TargetDetail.as_view(), name="target_detail"
    ),
    path("nguon-von", views.PublishedCapitalList.as_view(), name="capital_list"),
    path("che-do-bao-cao", views.MonitoringFormList.as_view(), name="form_list"),
    path("du-an/<slug:code>", views.ProgrammeDetail.as_view(), name="programme_detail"),
    path(
        "du-an/<slug:programme>/<str:code>",
        views.ComponentDetail.as_view(),
        name="component_detail",
    ),
    path("them", views.ProgrammeCreate.as_view(), name="programme_create"),
    path("bo/<slug:noun>/<int:pk>", views.part_delete, name="part_delete"),
    path("sua/<slug:programme>/", include(design)),
]
