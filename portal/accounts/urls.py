from django.urls import path

from . import views

app_name = "accounts"

urlpatterns = [
    path("dang-nhap", views.SignIn.as_view(), name="login"),
    path("dang-xuat", views.SignOut.as_view(), name="logout"),
    path("mat-khau", views.own_password, name="password"),
    path("ma-truy-cap", views.token_list, name="token_list"),
    path("ma-truy-cap/<int:pk>/thu-hoi", views.token_revoke, name="token_revoke"),
    path("nguoi-dung", views.UserList.as_view(), name="user_list"),
    path("nguoi-dung/them", views.UserCreate.as_view(), name="user_create"),
    path("nguoi-dung/<int:pk>", views.UserUpdate.as_view(), name="user_update"),
    path("nguoi-dung/<int:pk>/dat-lai-mat-khau", views.user_reset, name="user_reset"),
    path("nguoi-dung/<int:pk>/khoa", views.user_activity, name="user_activity"),
]
