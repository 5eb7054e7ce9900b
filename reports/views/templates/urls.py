from django.urls import path

from reports.views import batching

from . import editing, exhibiting, moving, reading

TEMPLATE = "de-cuong/<int:pk>"
OUTLINE = f"{TEMPLATE}/muc/<slug:key>"

urlpatterns = [
    # many units at once
    path("phieu", batching.batch_list, name="batch_list"),
    path("phieu/<int:pk>", batching.batch_detail, name="batch_detail"),
    path("phieu/<int:pk>/tien-do", batching.batch_progress, name="batch_progress"),
    path("phieu/<int:pk>/lap-tiep", batching.batch_again, name="batch_again"),
    path("phieu/<int:pk>/tai-ve", batching.batch_zip, name="batch_zip"),
    path("phieu/<int:pk>/<int:sheet_pk>", batching.batch_sheet, name="batch_sheet"),
    # templates
    path("de-cuong", reading.template_list, name="template_list"),
    path("de-cuong/them", editing.template_create, name="template_create"),
    path(TEMPLATE, reading.template_detail, name="template_detail"),
    path(f"{TEMPLATE}/so-sanh", reading.template_compare, name="template_compare"),
    path(f"{TEMPLATE}/phien-ban-moi", moving.new_version, name="template_new_version"),
    path(f"{TEMPLATE}/dua-vao-dung", moving.publish, name="template_publish"),
    path(f"{TEMPLATE}/su-dung-<slug:use>", moving.set_in_use, name="template_set_in_use"),
    path(f"{TEMPLATE}/bo-nhap", moving.drop_draft, name="template_drop"),
    path(f"{TEMPLATE}/han", moving.deadline_add, name="template_deadline"),
    path(f"{TEMPLATE}/soan", editing.template_edit, name="template_edit"),
    path(f"{TEMPLATE}/muc-them", editing.section_add, name="template_section_add"),
    path(f"{OUTLINE}", editing.section_edit, name="template_section"),
    path(f"{OUTLINE}/bo", editing.section_remove, name="template_section_remove"),
    path(f"{OUTLINE}/chuyen-<slug:way>", editing.section_move, name="template_section_move"),
    path(f"{TEMPLATE}/chon-so-lieu", editing.figure_picker, name="template_figures"),
    path(f"{TEMPLATE}/chen-so-lieu", editing.figure_insert, name="template_figure_insert"),
    path(f"{TEMPLATE}/chon-bang", exhibiting.exhibit_picker, name="template_exhibit_picker"),
    path(f"{TEMPLATE}/chen-bang", exhibiting.exhibit_insert, name="template_exhibit_insert"),
    path(f"{TEMPLATE}/bang", exhibiting.exhibit_list, name="template_exhibits"),
    path(f"{TEMPLATE}/chon-van-ban", editing.citation_picker, name="template_citations"),
    path(
        f"{TEMPLATE}/chen-van-ban",
        editing.citation_insert,
        name="template_citation_insert",
    ),
    path("bao-cao/<int:pk>/thanh-de-cuong", moving.from_report, name="template_from_report"),
]
