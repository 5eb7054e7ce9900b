from django.urls import include, path

from . import views

app_name = "programs"

# what one programme is made of, entered by who has programs.design
design = [
    path("", views.ProgrammeUpdate.as_view(), name="programme_update"),
    path("giai-doan/them", views.PhaseCreate.as_view(), name="phase_create"),
    path("giai-doan/<int:pk>", views.PhaseUpdate.as_view(), name="phase_update"),
    path("du-an/them", views.ComponentCreate.as_view(), name="component_create"),
    path("du-an/<str:code>/sua", views.ComponentUpdate.as_view(), name="component_update"),
    path(
        "du-an/<str:code>/dia-ban/them",
        views.ApplicabilityCreate.as_view(),
        name="applicability_create",
    ),
    path(
        "du-an/<str:code>/dia-ban/<int:pk>",
        views.ApplicabilityUpdate.as_view(),
        name="applicability_update",
    ),
    path("muc-tieu/them", views.TargetCreate.as_view(), name="target_create"),
    path("muc-tieu/<int:pk>", views.TargetUpdate.as_view(), name="target_update"),
    path("buoc/them", views.ReportStepCreate.as_view(), name="report_step_create"),
    path("buoc/<int:pk>", views.ReportStepUpdate.as_view(), name="report_step_update"),
    path("loai-ket-qua/them", views.OutputKindCreate.as_view(), name="output_kind_create"),
    path("loai-ket-qua/<int:pk>", views.OutputKindUpdate.as_view(), name="output_kind_update"),
    path("bieu/them", views.MonitoringFormCreate.as_view(), name="monitoring_form_create"),
    path("bieu/<int:pk>", views.MonitoringFormUpdate.as_view(), name="monitoring_form_update"),
]

# money: what all may read, and what is entered by who has programs.plan
capital = [
    path("", views.PlanList.as_view(), name="plan_list"),
    path("tai-ve", views.PlanExport.as_view(), name="plan_export"),
    path("<int:pk>/tai-ve", views.PlanHistoryExport.as_view(), name="plan_history_export"),
    path("trung-han", views.MediumTermList.as_view(), name="medium_term_list"),
    path("giao", views.AssignmentCreate.as_view(), name="assignment_create"),
    path("chuyen-nguon", views.CarryOverCreate.as_view(), name="carry_over_create"),
    path("chuyen-nguon/<int:pk>/tien-do", views.carry_over_progress, name="carry_over_progress"),
    path("khoa-so", views.ClosedMonthList.as_view(), name="closed_month_list"),
    path("khoa-so/<slug:code>/<int:year>/<int:month>", views.month_close, name="month_close"),
    path("khoa-so/<int:pk>/mo-lai", views.month_reopen, name="month_reopen"),
    path("kho-bac", views.treasury_list, name="treasury_list"),
    path("kho-bac/<int:pk>", views.treasury_detail, name="treasury_detail"),
    path("kho-bac/<int:pk>/bo", views.treasury_discard, name="treasury_discard"),
    path("kho-bac/<int:pk>/tien-do", views.treasury_progress, name="treasury_progress"),
    path("kho-bac/<int:pk>/don-vi", views.treasury_scale, name="treasury_scale"),
    path("kho-bac/<int:pk>/chon", views.treasury_choose, name="treasury_choose"),
    path("kho-bac/<int:pk>/ghi-nhan", views.treasury_confirm, name="treasury_confirm"),
    path("kho-bac/<int:pk>/doi-chieu", views.treasury_rematch, name="treasury_rematch"),
    path("khoan/<int:pk>/huy", views.ReversalCreate.as_view(), name="reversal_create"),
    path("<int:pk>", views.PlanDetail.as_view(), name="plan_detail"),
    path("<int:pk>/phan-bo", views.AllocationCreate.as_view(), name="allocation_create"),
    path("<int:pk>/dieu-chinh", views.AdjustmentCreate.as_view(), name="adjustment_create"),
    path("<int:pk>/giai-ngan", views.PaymentCreate.as_view(), name="payment_create"),
]

# money and works at a glance, and what stands behind each number
seeing = [
    path("", views.ProgrammeDashboard.as_view(), name="dashboard"),
    path("duong-luy-ke", views.ProgrammeCurve.as_view(), name="dashboard_curve"),
    path("bang", views.CutExport.as_view(), name="cut_export"),
    path("dong-von", views.LineList.as_view(), name="line_list"),
    path("giai-ngan", views.PaymentList.as_view(), name="payment_list"),
    path("cong-trinh", views.FundedWorksList.as_view(), name="funded_works_list"),
    path("xa/<int:pk>", views.CommuneDetail.as_view(), name="commune_detail"),
]

# the register of works, their pictures, and who builds them
works = [
    path("", views.WorksList.as_view(), name="works_list"),
    path("ban-do", views.WorksMap.as_view(), name="works_map"),
    path("them", views.WorksCreate.as_view(), name="works_create"),
    path("tai-ve", views.works_export, name="works_export"),
    path("ma/<str:code>", views.WorksDetail.as_view(), name="works_detail"),
    path("ma/<str:code>/sua", views.WorksUpdate.as_view(), name="works_update"),
    path("ma/<str:code>/bo", views.works_delete, name="works_delete"),
    path("ma/<str:code>/tinh-trang", views.works_state, name="works_state"),
    path("ma/<str:code>/van-ban", views.works_cite, name="works_cite"),
    path("ma/<str:code>/van-ban/<int:pk>/bo", views.works_uncite, name="works_uncite"),
    path("ma/<str:code>/anh", views.works_photo_add, name="works_photo_add"),
    path("anh/<int:pk>", views.works_photo, name="works_photo"),
    path("anh/<int:pk>/bo", views.works_photo_delete, name="works_photo_delete"),
    path("don-vi", views.OrganisationList.as_view(), name="organisation_list"),
    path("don-vi/them", views.OrganisationCreate.as_view(), name="organisation_create"),
    path("don-vi/ma/<slug:code>", views.OrganisationUpdate.as_view(), name="organisation_update"),
    path("don-vi/ma/<slug:code>/nguoi", views.member_add, name="member_add"),
    path("don-vi/nguoi/<int:pk>/bo", views.member_remove, name="member_remove"),
]

urlpatterns = [
    path("cong-trinh/", include(works)),
    path("tong-quan/", include(seeing)),
    path("von/", include(capital)),
    path("", views.ProgrammeList.as_view(), name="programme_list"),
    path("du-an", views.ProgrammeDetail.as_view(), name="component_list"),
    path("muc-tieu", views.TargetList.as_view(), name="target_list"),
    path(
        "muc-tieu/<slug:programme>/<str:code>", views.TargetDetail.as_view(), name="target_detail"
    ),
    path("ket-qua", views.OutputSummary.as_view(), name="output_list"),
    path("ket-qua/<str:code>", views.OutputWorks.as_view(), name="output_works"),
    path("ket-qua/cong-trinh/<str:code>", views.WorksOutputs.as_view(), name="works_outputs"),
    path("loai-ket-qua", views.OutputKindList.as_view(), name="output_kind_list"),
    path("thu-huong", views.BeneficiarySummary.as_view(), name="beneficiary_list"),
    path("thu-huong/cong-trinh", views.BeneficiaryWorks.as_view(), name="beneficiary_works"),
    path("ho-duoc-ho-tro", views.HouseholdRegister.as_view(), name="household_list"),
    path("ho-duoc-ho-tro/<int:pk>/bo", views.household_forget, name="household_forget"),
    path("bao-cao-bo", views.MinistryHome.as_view(), name="ministry_home"),
    path("bao-cao-bo/da-gui/<int:pk>", views.SnapshotDetail.as_view(), name="ministry_snapshot"),
    path("bao-cao-bo/da-gui/<int:pk>/tep", views.snapshot_workbook, name="snapshot_workbook"),
    path("bao-cao-bo/nam-nhom/<int:pk>/tep", views.export_file, name="export_file"),
    path("bao-cao-bo/nam-nhom/<int:pk>/tien-do", views.export_progress, name="export_progress"),
    path(
        "bao-cao-bo/<slug:programme>/nam-nhom-du-lieu",
        views.ministry_export,
        name="ministry_export",
    ),
    path(
        "bao-cao-bo/<slug:programme>/<slug:form>/<slug:period>",
        views.MinistryReport.as_view(),
        name="ministry_report",
    ),
    path(
        "bao-cao-bo/<slug:programme>/<slug:form>/<slug:period>/tep",
        views.ministry_workbook,
        name="ministry_workbook",
    ),
    path("han-bao-cao", views.ReportFlow.as_view(), name="report_flow"),
    path("chi-dao", views.OversightList.as_view(), name="oversight_list"),
    path(
        "chi-dao/van-ban/<int:pk>/bo",
        views.programme_document_delete,
        name="programme_document_delete",
    ),
    path(
        "chi-dao/<slug:programme>/kiem-tra/them",
        views.InspectionCreate.as_view(),
        name="inspection_create",
    ),
    path(
        "chi-dao/<slug:programme>/kiem-tra/<int:pk>",
        views.InspectionUpdate.as_view(),
        name="inspection_update",
    ),
    path("chi-dao/kiem-tra/<int:pk>/bo", views.inspection_delete, name="inspection_delete"),
    path("nguon-von", views.PublishedCapitalList.as_view(), name="capital_list"),
    path("che-do-bao-cao", views.MonitoringFormList.as_view(), name="form_list"),
    path("du-an/<slug:code>", views.ProgrammeDetail.as_view(), name="programme_detail"),
    path(
        "du-an/<slug:programme>/<str:code>",
        views.ComponentDetail.as_view(),
        name="component_detail",
    ),
    path("them", views.ProgrammeCreate.as_view(), name="programme_create"),
    path("bo/<slug:noun>/<int:pk>", views.part_delete, name="part_delete"),
    path("sua/<slug:programme>/", include(design)),
]
