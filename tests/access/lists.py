"""Lists of the old systems: each for those whose catalogue it is, a file for its sender alone."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.utils import timezone

from portal.collection.models import ListImport
from tests.access.accounts import everybody

EDITORS = everybody(404, anonymous="login", specialist=200, clerk=200)
NUMBERING = everybody(404, anonymous="login", clerk=200)
DESIGNERS = everybody(404, anonymous="login", administrator=200)
SENDER = everybody(404, anonymous="login", specialist=200)


def named(which):
    def kwargs(cast):
        return {"which": which}, {"which": which}

    return kwargs


def a_file(cast):
    one = ListImport(
        which="van-ban-phap-luat", original_name="so.xlsx", by=cast("specialist"),
        at=timezone.now(), state="read", sha256="0" * 64,
    )  # fmt: skip
    one.file.save("tep", ContentFile(b"x"))
    return {"pk": one.pk}, {"pk": one.pk}


MOVED = SENDER | {"specialist": 302}
ROWS = [
    ("collection:list_start", named("van-ban-phap-luat"), "get", EDITORS),
    ("collection:list_start", named("van-ban-di"), "get", NUMBERING),
    ("collection:list_start", named("van-ban-den"), "get", NUMBERING),
    ("collection:list_start", named("xa-theo-khu-vuc"), "get", DESIGNERS),
    ("collection:list_start", named("phan-loai"), "get", DESIGNERS),
    ("collection:list_start", named("khong-co"), "get", everybody(404, anonymous="login")),
    ("collection:list_blank", named("van-ban-phap-luat"), "get", EDITORS),
    ("collection:list_blank", named("phan-loai"), "get", DESIGNERS),
    ("collection:list_import", a_file, "get", SENDER),
    ("collection:list_progress", a_file, "get", MOVED),
    ("collection:list_confirm", a_file, "post", MOVED),
    ("collection:list_discard", a_file, "post", MOVED),
    ("collection:list_undo", a_file, "post", MOVED),
]
