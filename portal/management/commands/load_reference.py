"""Load the reference data of every floor; harmless when run again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

# lower floors first; named as strings, the ground floor imports nothing from above
LOADERS = [
    "portal.units.services.load_reference",
    "portal.documents.services.load_reference",
    "ethnic_data.services.load_reference",
    "programs.services.load_reference",
    "reports.services.load_reference",
]


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for name in LOADERS:
            told = import_string(name)()
            if options["verbosity"]:
                self.stdout.write(f"{name}: xong")
            for sentence in getattr(told, "sentences", ()):  # what people changed and is kept
                self.stdout.write(f"  {sentence}")
