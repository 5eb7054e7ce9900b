from django.urls import path

from . import views

app_name = "ethnic_data"

urlpatterns = [
    path("", views.GroupList.as_view(), name="group_list"),
    path("tep/dan-toc.<slug:kind>", views.group_export, name="group_export"),
    path("tep/chi-tieu.<slug:kind>", views.indicator_export, name="indicator_export"),
    path("nhom/<slug:code>", views.GroupDetail.as_view(), name="group_detail"),
    path("chi-tieu", views.IndicatorList.as_view(), name="indicator_list"),
    path("chi-tieu/<slug:code>", views.IndicatorDetail.as_view(), name="indicator_detail"),
    path("so-lieu", views.ObservationList.as_view(), name="observation_list"),
    path("bieu-cong-bo", views.PublishedList.as_view(), name="published_list"),
    path("bieu-cong-bo/<slug:code>", views.PublishedDetail.as_view(), name="published_detail"),
    path("dai-bieu", views.DeputyList.as_view(), name="deputy_list"),
    path("dai-bieu/tep.<slug:kind>", views.deputy_export, name="deputy_export"),
    path("dai-bieu/them", views.DeputyCreate.as_view(), name="deputy_create"),
    path("dai-bieu/<int:pk>", views.DeputyDetail.as_view(), name="deputy_detail"),
    path("dai-bieu/<int:pk>/sua", views.DeputyUpdate.as_view(), name="deputy_update"),
    path("uy-tin", views.PrestigiousList.as_view(), name="prestigious_list"),
    path("uy-tin/tep.<slug:kind>", views.prestigious_export, name="prestigious_export"),
    path("uy-tin/them", views.PrestigiousCreate.as_view(), name="prestigious_create"),
    path("uy-tin/<int:pk>", views.PrestigiousDetail.as_view(), name="prestigious_detail"),
    path("uy-tin/<int:pk>/sua", views.PrestigiousUpdate.as_view(), name="prestigious_update"),
    path("uy-tin/<int:pk>/dua-ra", views.prestigious_remove, name="prestigious_remove"),
    path("uy-tin/<int:pk>/ra-soat", views.prestigious_review, name="prestigious_review"),
    path("nhap-danh-sach/<slug:which>", views.people_import_start, name="people_import_start"),
    path("nhap-danh-sach/<slug:which>/mau.xlsx", views.people_blank, name="people_blank"),
    path("nhap-tep/<int:pk>", views.people_import, name="people_import"),
    path("nhap-tep/<int:pk>/tien-do", views.people_import_progress, name="people_import_progress"),
    path("nhap-tep/<int:pk>/ghi-nhan", views.people_import_confirm, name="people_import_confirm"),
    path("nhap-tep/<int:pk>/bo", views.people_import_discard, name="people_import_discard"),
    path("nhat-ky-danh-sach", views.PeopleLog.as_view(), name="people_log"),
]
