"""The catalogues as files, as seen: with the filters of the page they are asked from."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from import_export.formats.base_formats import CSV, ODS, XLSX, TablibFormat
from import_export.resources import ModelResource

from ethnic_data.models import EthnicGroup, Indicator
from ethnic_data.resources import GroupResource, IndicatorResource
from portal.access import permission_needed

FORMATS: dict[str, type[TablibFormat]] = {"xlsx": XLSX, "ods": ODS, "csv": CSV}


@permission_needed("ethnic_data.view")
def group_export(request: HttpRequest, kind: str) -> HttpResponse:
    groups = EthnicGroup.objects.named(request.GET.get("q", "")).prefetch_related(
        "aliases", "codes"
    )
    return as_file(GroupResource(), groups, kind, "dan-toc")


@permission_needed("ethnic_data.view")
def indicator_export(request: HttpRequest, kind: str) -> HttpResponse:
    indicators = (
        Indicator.objects.with_parts()
        .named(request.GET.get("q", ""))
        .of_topic(request.GET.get("nhom", ""))
    )
    return as_file(IndicatorResource(), indicators, kind, "chi-tieu")


def as_file(resource: ModelResource, rows: object, kind: str, name: str) -> HttpResponse:
    """The rows of a resource as xlsx, ods or csv (UTF-8 with its mark, for Excel)."""
    if kind not in FORMATS:
        raise Http404
    file = FORMATS[kind]()
    content = file.export_data(resource.export(queryset=rows))
    if isinstance(content, str):
        content = content.encode("utf-8-sig")
    return HttpResponse(
        content,
        content_type=file.get_content_type(),
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'},
    )
