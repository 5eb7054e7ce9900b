from django.apps import AppConfig


class EthnicDataConfig(AppConfig):
    name = "ethnic_data"
    verbose_name = "Dữ liệu dân tộc"
