from django.urls import path

from . import views

app_name = "units"

urlpatterns = [
    path("", views.UnitList.as_view(), name="list"),
    path("sap-xep", views.ReorganisationList.as_view(), name="reorganisation_list"),
    path("sap-xep/moi", views.reorganisation_enter, name="reorganisation_enter"),
    path("sap-xep/<int:pk>", views.ReorganisationDetail.as_view(), name="reorganisation_detail"),
    path("sap-xep/<int:pk>/sua", views.reorganisation_mend, name="reorganisation_mend"),
    path("sap-xep/<int:pk>/bang-tinh", views.reorganisation_sheet, name="reorganisation_sheet"),
    path("sap-xep/<int:pk>/<slug:act>", views.reorganisation_act, name="reorganisation_act"),
    path("<int:pk>", views.UnitDetail.as_view(), name="detail"),
]
