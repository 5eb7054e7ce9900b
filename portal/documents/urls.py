"""Addresses of the register."""

from django.urls import path

from .views import assignments, documents, entry, registers

app_name = "documents"

ASSIGNMENT = "giai-quyet/<int:pk>/"

urlpatterns = [
    path("", documents.DocumentList.as_view(), name="document_list"),
    path("xuat/", documents.document_export, name="document_export"),
    path("them/", entry.LegalCreate.as_view(), name="document_create"),
    path("den/dang-ky/", entry.IncomingCreate.as_view(), name="incoming_create"),
    path("di/dang-ky/", entry.OutgoingCreate.as_view(), name="outgoing_create"),
    path("<int:pk>/", documents.DocumentDetail.as_view(), name="document_detail"),
    path("<int:pk>/sua/", entry.DocumentUpdate.as_view(), name="document_update"),
    path("<int:pk>/tep/", documents.document_file, name="document_file"),
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
    path("so/", registers.RegisterList.as_view(), name="register_list"),
    path("so/<slug:code>/", registers.RegisterDetail.as_view(), name="register_detail"),
    path("so/<slug:code>/in/", registers.RegisterPrint.as_view(), name="register_print"),
    path("so/<slug:code>/lay-so/", registers.number_take, name="number_take"),
    path("so/<slug:code>/huy-so/", registers.number_void, name="number_void"),
    path("so/<slug:code>/cach-lay-so/", registers.numbering_set, name="numbering_set"),
    path("so/<slug:code>/so-cu/", registers.old_book, name="old_book"),
]
