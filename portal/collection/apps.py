from django.apps import AppConfig


class CollectionConfig(AppConfig):
    name = "portal.collection"
    label = "collection"
    verbose_name = "Thu thập số liệu"
