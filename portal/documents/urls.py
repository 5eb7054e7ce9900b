"""Addresses of the register."""

from django.urls import path

from .views import assignments, casefiles, desk, documents, entry, registers

app_name = "documents"

ASSIGNMENT = "giai-quyet/<int:pk>/"
CASE_FILE = "ho-so/<int:pk>/"

urlpatterns = [
    path("", documents.DocumentList.as_view(), name="document_list"),
    path("goi-y/", documents.document_offers, name="document_offers"),
    path("xuat/", documents.document_export, name="document_export"),
    path("them/", entry.LegalCreate.as_view(), name="document_create"),
    path("den/dang-ky/", entry.IncomingCreate.as_view(), name="incoming_create"),
    path("di/dang-ky/", entry.OutgoingCreate.as_view(), name="outgoing_create"),
    path("<int:pk>/", documents.DocumentDetail.as_view(), name="document_detail"),
    path("<int:pk>/sua/", entry.DocumentUpdate.as_view(), name="document_update"),
    path("<int:pk>/tep/", documents.document_file, name="document_file"),
    path("<int:pk>/phu-luc/<int:annex_pk>/", documents.document_annex, name="document_annex"),
    path("<int:pk>/quan-he/", entry.relation_create, name="relation_create"),
    path("quan-he/<int:pk>/bo/", entry.relation_delete, name="relation_delete"),
    path("<int:pk>/giao/", assignments.hand_out, name="hand_out"),
    path("<int:pk>/de-biet/", assignments.pass_for_information, name="pass_for_information"),
    path("giai-quyet/", assignments.AssignmentList.as_view(), name="assignment_list"),
    path(ASSIGNMENT, assignments.assignment_detail, name="assignment_detail"),
    path(f"{ASSIGNMENT}nhan/", assignments.start, name="assignment_start"),
    path(f"{ASSIGNMENT}giao-lai/", assignments.reassign, name="assignment_reassign"),
    path(f"{ASSIGNMENT}doi-han/", assignments.extend, name="assignment_extend"),
    path(f"{ASSIGNMENT}phoi-hop/", assignments.add_support, name="assignment_support"),
    path(f"{ASSIGNMENT}tra-loi/", assignments.answer, name="assignment_answer"),
    path(f"{ASSIGNMENT}khong-tra-loi/", assignments.no_answer, name="assignment_no_answer"),
    path(f"{ASSIGNMENT}mo-lai/", assignments.reopen, name="assignment_reopen"),
    path(f"{ASSIGNMENT}ho-so/", casefiles.open_for_work, name="assignment_case_file"),
    path("ho-so/", casefiles.case_file_list, name="case_file_list"),
    path("ho-so/them/", casefiles.case_file_create, name="case_file_create"),
    path(CASE_FILE, casefiles.case_file, name="case_file"),
    path(f"{CASE_FILE}sua/", casefiles.case_file_update, name="case_file_update"),
    path(f"{CASE_FILE}dua-vao/", casefiles.put_in, name="case_file_put_in"),
    path(f"{CASE_FILE}bo/<int:item_pk>/", casefiles.take_out, name="case_file_take_out"),
    path(f"{CASE_FILE}xep/", casefiles.put_in_order, name="case_file_order"),
    path(f"{CASE_FILE}dong/", casefiles.close, name="case_file_close"),
    path(f"{CASE_FILE}mo-lai/", casefiles.reopen, name="case_file_reopen"),
    path(f"{CASE_FILE}xuat/<slug:what>/", casefiles.export, name="case_file_export"),
    path(f"{CASE_FILE}thong-tin.<slug:ending>", casefiles.metadata, name="case_file_metadata"),
    path("thoi-han/", casefiles.retention_list, name="retention_list"),
    path("thoi-han/<int:pk>/", casefiles.retention_update, name="retention_update"),
    path("thong-ke/", desk.year_statistics, name="statistics"),
    path("ban-in/", desk.book_list, name="book_list"),
    path("ban-in/<int:pk>/", desk.prepared_file, name="prepared_file"),
    path("ban-in/<int:pk>/tien-do/", desk.prepared_progress, name="prepared_progress"),
    path("ban-in/<int:pk>/tep/", desk.prepared_download, name="prepared_download"),
    path("buu-dien/", desk.dispatch_list, name="dispatch_list"),
    path("ban-luu/", desk.copy_use_list, name="copy_use_list"),
    path("ban-luu/<int:pk>/tra/", desk.copy_returned, name="copy_returned"),
    path("lap-so/", desk.register_create, name="register_create"),
    path("so/", registers.RegisterList.as_view(), name="register_list"),
    path("so/<slug:code>/", registers.RegisterDetail.as_view(), name="register_detail"),
    path("so/<slug:code>/in/", registers.RegisterPrint.as_view(), name="register_print"),
    path("so/<slug:code>/lay-so/", registers.number_take, name="number_take"),
    path("so/<slug:code>/huy-so/", registers.number_void, name="number_void"),
    path("so/<slug:code>/cach-lay-so/", registers.numbering_set, name="numbering_set"),
    path("so/<slug:code>/so-cu/", registers.old_book, name="old_book"),
]
