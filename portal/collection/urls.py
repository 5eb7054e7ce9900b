from django.urls import path

from .views import entry, home, preview, review, start, submissions, uploads, values

app_name = "collection"

urlpatterns = [
    path("nop", home.submission_list, name="submission_list"),
    path("day-du", home.completeness, name="completeness"),
    path("nop/<str:dataset>/<str:unit>/<str:period>", start.start, name="start"),
    path("bieu-mau/<str:dataset>/<str:unit>/<str:period>", start.template, name="template"),
    path("bo/<int:pk>", submissions.submission, name="submission"),
    path("bo/<int:pk>/tai-len", uploads.upload_create, name="upload_create"),
    path("bo/<int:pk>/nhap", entry.entry, name="entry"),
    path("bo/<int:pk>/xem-truoc", preview.preview, name="preview"),
    path("bo/<int:pk>/ghi-nhan", preview.commit, name="commit"),
    path("bo/<int:pk>/so-lieu", values.values, name="values"),
    path("bo/<int:pk>/o/<int:upload>/<str:cell>", values.cell, name="cell"),
    path("bo/<int:pk>/nop", submissions.submit_page, name="submit"),
    path("bo/<int:pk>/rut-lai", submissions.withdraw_submission, name="withdraw"),
    path("bo/<int:pk>/xoa", submissions.delete_submission, name="delete"),
    path("bo/<int:pk>/dinh-chinh", start.correct, name="correct"),
    path("bo/<int:pk>/giai-trinh", uploads.warning_reasons, name="warning_reasons"),
    path("bo/<int:pk>/bien-nhan", values.receipt, name="receipt"),
    path("bo/<int:pk>/cong-van", values.letter, name="letter"),
    path("tep/<int:pk>", uploads.upload, name="upload"),
    path("tep/<int:pk>/tien-do", uploads.upload_progress, name="upload_progress"),
    path("tep/<int:pk>/tra-loi", uploads.upload_answer, name="upload_answer"),
    path("tep/<int:pk>/sua-o", uploads.upload_correct, name="upload_correct"),
    path("tep/<int:pk>/doc-lai", uploads.upload_forget, name="upload_forget"),
    path("tep/<int:pk>/bo", uploads.upload_discard, name="upload_discard"),
    path("tep/<int:pk>/hoan-tac", uploads.upload_undo, name="upload_undo"),
    path("tep/<int:pk>/goc", uploads.upload_original, name="upload_original"),
    path("tep/<int:pk>/danh-dau", uploads.upload_marked, name="upload_marked"),
    path("y-kien/<int:pk>/xong", submissions.remark_resolve, name="remark_resolve"),
    path("duyet", review.review_list, name="review_list"),
    path("duyet/<int:pk>", review.review, name="review"),
    path("duyet/<int:pk>/y-kien", review.remark_create, name="remark_create"),
    path("duyet/y-kien/<int:pk>/bo", review.remark_delete, name="remark_delete"),
    path("duyet/<int:pk>/tra-lai", review.return_to_unit, name="return"),
    path("duyet/<int:pk>/duyet", review.approve_submission, name="approve"),
]
