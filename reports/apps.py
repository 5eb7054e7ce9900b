from django.apps import AppConfig
from django.utils import timezone


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo"

    def ready(self) -> None:
        from portal import navigation  # both read models, which exist from now on

        from .models import SigningGrant

        navigation.open_also(
            "reports:signing_queue",
            lambda user: SigningGrant.objects.lets_sign(user, day=timezone.localdate()),
        )
