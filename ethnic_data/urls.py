app_name = "ethnic_data"

urlpatterns: list = []
