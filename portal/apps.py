from django.apps import AppConfig
from django.core.validators import ProhibitNullCharactersValidator


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Cổng công tác dân tộc"

    def ready(self) -> None:
        # Django has no Vietnamese for this one sentence
        ProhibitNullCharactersValidator.message = "Có ký tự không dùng được. Hãy gõ lại."
