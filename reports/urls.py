from django.urls import path

from .copying.urls import urlpatterns as copying_patterns
from .dashboards.urls import urlpatterns as dashboard_patterns
from .office.urls import urlpatterns as office_patterns
from .profiles.urls import urlpatterns as profile_patterns
from .themes.urls import urlpatterns as theme_patterns
from .views import (
    after,
    annexes,
    answering,
    certificates,
    checking,
    comparing,
    editing,
    exhibiting,
    files,
    form,
    granting,
    listing,
    moving,
    outline,
    papers,
    picking,
    previewing,
    queue,
    quoting,
    reading,
    remarking,
    renewing,
    sharing,
    signing,
    telling,
    verifying,
)
from .views.templates.urls import urlpatterns as template_patterns

app_name = "reports"

REPORT = "bao-cao/<int:pk>"
SECTION = f"{REPORT}/muc/<int:section_pk>"
WAIVER = f"{REPORT}/the-thuc/<int:waiver_pk>"

urlpatterns = [
    *dashboard_patterns,
    *theme_patterns,
    *template_patterns,
    *office_patterns,
    *copying_patterns,
    *profile_patterns,
    # reading
    path("bao-cao", listing.ReportList.as_view(), name="report_list"),
    path("bao-cao/cho-ky", queue.signing_queue, name="signing_queue"),
    path("bao-cao/cho-ky/ky", queue.sign_many, name="sign_many"),
    path("bao-cao/them", listing.report_create, name="report_create"),
    path("don-doc/<str:dataset>/<str:period>", listing.reminder_create, name="reminder_create"),
    path("giao-viec/<int:pk>", answering.assignment_reports, name="assignment_reports"),
    path(REPORT, reading.report_detail, name="report_detail"),
    path(f"{REPORT}/trang-in", reading.pages, name="pages"),
    path(f"{REPORT}/xem-truoc", previewing.preview, name="preview"),
    path(f"{REPORT}/so-lieu", quoting.figure_list, name="figure_list"),
    path(f"{REPORT}/so-sanh", comparing.report_compare, name="report_compare"),
    path(f"{REPORT}/dien-bien", telling.history, name="history"),
    path(f"{REPORT}/tien-do", reading.progress, name="progress"),
    path(f"{REPORT}/ban-word", files.word, name="word"),
    path(f"{REPORT}/tep/<slug:stage>", files.report_file, name="file"),
    # writing
    path(f"{REPORT}/soan", editing.edit, name="edit"),
    path(f"{REPORT}/thong-tin", editing.facts_edit, name="facts_edit"),
    path(f"{REPORT}/cap-nhat-so-lieu", editing.figures_refresh, name="figures_refresh"),
    path(f"{REPORT}/muc/them", outline.section_add, name="section_add"),
    path(SECTION, editing.section_edit, name="section_edit"),
    path(f"{SECTION}/trang-in", previewing.section_preview, name="section_preview"),
    path(f"{SECTION}/giao", sharing.section_give, name="section_give"),
    path(f"{SECTION}/thoi-giao", sharing.section_take_back, name="section_take_back"),
    path(f"{SECTION}/soan-xong", sharing.section_finish, name="section_finish"),
    path(f"{SECTION}/bo", outline.section_remove, name="section_remove"),
    path(f"{SECTION}/ban-cu", comparing.section_versions, name="section_versions"),
    path(f"{SECTION}/chuyen-<slug:way>", outline.section_move, name="section_move"),
    path(f"{SECTION}/xep", outline.section_place, name="section_place"),
    path(f"{REPORT}/chon-so-lieu", picking.figure_picker, name="figure_picker"),
    path(f"{REPORT}/chen-so-lieu", picking.figure_insert, name="figure_insert"),
    path(f"{REPORT}/chon-van-ban", picking.citation_picker, name="citation_picker"),
    path(f"{REPORT}/chen-van-ban", picking.citation_insert, name="citation_insert"),
    path(f"{REPORT}/chu-thich", picking.citation_list, name="citation_list"),
    # begun from another report
    path(f"{REPORT}/can-xem-lai", renewing.points, name="points"),
    path(f"{REPORT}/can-xem-lai/doi", renewing.change, name="points_change"),
    path(f"{REPORT}/can-xem-lai/giu", renewing.keep, name="points_keep"),
    path(f"{REPORT}/can-xem-lai/van-ban", renewing.replace, name="citation_replace"),
    path(f"{REPORT}/chep-muc", renewing.copy_section, name="section_copy"),
    path(f"{REPORT}/chon-bang", exhibiting.exhibit_picker, name="exhibit_picker"),
    path(f"{REPORT}/chen-bang", exhibiting.exhibit_insert, name="exhibit_insert"),
    path(f"{REPORT}/bang-bieu-do", exhibiting.exhibit_list, name="exhibit_list"),
    path("kham-pha/pdf", papers.explorer_paper, name="explorer_paper"),
    path("bao-cao/dua-bang-vao", exhibiting.exhibit_hand, name="exhibit_hand"),
    # moving on
    path(f"{REPORT}/trinh", moving.send_up, name="send_up"),
    path(f"{REPORT}/kiem-tra-noi-dung", moving.pass_content, name="pass_content"),
    path(f"{REPORT}/kiem-tra-the-thuc", moving.pass_form, name="pass_form"),
    path(f"{REPORT}/tra-lai", moving.return_report, name="return"),
    path(f"{REPORT}/gop-y", remarking.remark_add, name="remark_add"),
    path(f"{REPORT}/gop-y/<int:remark_pk>/xong", remarking.remark_resolve, name="remark_resolve"),
    path(f"{REPORT}/gop-y/<int:remark_pk>/tra-loi", remarking.remark_answer, name="remark_answer"),
    path(f"{REPORT}/phu-luc-roi", annexes.annex_list, name="annex_list"),
    path(f"{REPORT}/phu-luc-roi/<int:annex_pk>", annexes.annex_file, name="annex_file"),
    path(f"{REPORT}/phu-luc-roi/<int:annex_pk>/bo", annexes.annex_remove, name="annex_remove"),
    path(f"{REPORT}/ky", signing.sign, name="sign"),
    path(f"{REPORT}/y-kien", queue.direct, name="direct"),
    path(f"{REPORT}/cap-so", signing.number, name="number"),
    path(f"{REPORT}/ky-co-quan", signing.seal, name="seal"),
    path(f"{REPORT}/phat-hanh", signing.issue, name="issue"),
    path(f"{REPORT}/mang-di/<slug:taking>", signing.take_away, name="take_away"),
    path(f"{REPORT}/nop-lai/<slug:taking>", signing.take_back, name="take_back"),
    path(f"{REPORT}/rut-lai", after.recall, name="recall"),
    path(f"{REPORT}/thay-the", after.replace, name="replace"),
    path(f"{REPORT}/dinh-chinh", after.correct, name="correct"),
    path(f"{REPORT}/thu-hoi", after.withdraw, name="withdraw"),
    path(f"{REPORT}/luu-ho-so", after.file, name="file_away"),
    path(f"{REPORT}/gui-lai", after.send_again, name="send_again"),
    path("giao-ky", granting.grant_list, name="grant_list"),
    path("giao-ky/them", granting.grant_create, name="grant_create"),
    path("giao-ky/<int:pk>/thoi", granting.grant_revoke, name="grant_revoke"),
    path("chung-thu", certificates.certificate_list, name="certificate_list"),
    path(
        "chung-thu/<int:pk>/ngung", certificates.certificate_withdraw, name="certificate_withdraw"
    ),
    # form
    path(f"{REPORT}/the-thuc", form.form_check, name="form_check"),
    path(f"{REPORT}/the-thuc/sua", form.mend, name="form_mend"),
    path(f"{REPORT}/the-thuc/giu-nguyen", form.waive, name="form_waive"),
    path(f"{WAIVER}/dong-y", form.waiver_accept, name="waiver_accept"),
    path(f"{WAIVER}/bo", form.waiver_withdraw, name="waiver_withdraw"),
    path("kiem-tra-the-thuc", checking.text_check, name="text_check"),
    # open to everybody
    path("xac-thuc", verifying.verify, name="verify"),
    path("xac-thuc/<str:code>", verifying.verify_report, name="verify_report"),
    path("xac-thuc/<str:code>/tep", verifying.verify_file, name="verify_file"),
]
