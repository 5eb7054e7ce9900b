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
]
