"""Photographs of works: sent, shown to those who see the works, taken away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import permission_needed
from programs.forms.works import PhotoForm
from programs.models import Works, WorksPhoto
from programs.services import photos as services

from .detail import works_of
from .editing import WRITE
from .history import again


@require_POST
@permission_needed(WRITE)
def works_photo_add(request: HttpRequest, code: str) -> HttpResponse:
    user: Any = request.user
    works = works_of(user, code)
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return again(request, works, photo_form=form)
    try:
        services.keep_photo(works=works, by=user, now=timezone.now(), **form.cleaned_data)
    except services.PhotoRefused as refused:
        form.add_error("file", str(refused))
        return again(request, works, photo_form=form)
    messages.success(request, "Đã nhận ảnh.")
    return redirect("programs:works_detail", code=code)


def photo_of(request: HttpRequest, pk: int) -> WorksPhoto:
    seen = Works.objects.visible_to(request.user)
    return get_object_or_404(WorksPhoto.objects.select_related("works"), pk=pk, works__in=seen)


@permission_needed("programs.view")
def works_photo(request: HttpRequest, pk: int) -> FileResponse:
    photo = photo_of(request, pk)
    try:
        content = photo.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, content_type="image/jpeg", filename=f"{photo.works.code}.jpg")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@require_POST
@permission_needed(WRITE)
def works_photo_delete(request: HttpRequest, pk: int) -> HttpResponse:
    photo = photo_of(request, pk)
    services.delete_photo(photo=photo)
    messages.success(request, "Đã bỏ ảnh.")
    return redirect("programs:works_detail", code=photo.works.code)
