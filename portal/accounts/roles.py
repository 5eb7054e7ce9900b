"""Who may do what: one table, reviewed in a diff.

Permissions are verbs of the committee's work. A role that is not listed may do nothing.
"""

from dataclasses import dataclass

from django.db import models


class Role(models.TextChoices):
    OFFICER = "officer", "Cán bộ huyện, xã"
    SPECIALIST = "specialist", "Chuyên viên"
    HEAD = "head", "Trưởng phòng"
    FORM_CHECKER = "form_checker", "Kiểm tra thể thức"
    LEADER = "leader", "Lãnh đạo"
    CLERK = "clerk", "Văn thư"
    ADMINISTRATOR = "administrator", "Quản trị"
    AUDITOR = "auditor", "Kiểm tra, giám sát"
    INVESTOR = "investor", "Chủ đầu tư"


READING = frozenset(
    {
        "units.view",
        "ethnic_data.view",
        "programs.view",
        "collection.view",
        "documents.view",
        "dashboards.view",
    }
)
# counts of a few persons as they are; whoever may not see them gets "Không công bố"
EXACT = frozenset({"ethnic_data.exact"})
REPORT_READING = READING | EXACT | {"reports.view"}


@dataclass(frozen=True)
class Grant:
    """What one role may do, and whether on every unit or only inside its own area."""

    permissions: frozenset[str]
    everywhere: bool = True


TABLE: dict[str, Grant] = {
    Role.OFFICER: Grant(
        READING
        | EXACT
        | {
            "collection.enter",
            "collection.submit",
            "collection.review_own_area",
            "people.view",
            "people.edit",
            "programs.works",
        },
        everywhere=False,
    ),
    Role.SPECIALIST: Grant(
        REPORT_READING
        | {
            "collection.bring_in",
            "collection.enter",
            "collection.submit",
            "collection.review",
            "documents.edit",
            "programs.design",
            "programs.plan",
            "programs.works",
            "reports.draft",
            "people.view",
            "people.edit",
        }
    ),
    Role.HEAD: Grant(
        REPORT_READING
        | {
            "collection.review",
            "collection.review_finally",
            "reports.draft",
            "reports.publish_template",
            "reports.check_content",
            "documents.assign",
            "people.view",
        }
    ),
    Role.FORM_CHECKER: Grant(REPORT_READING | {"reports.check_form"}),
    Role.LEADER: Grant(
        REPORT_READING
        | {
            "reports.sign",
            "reports.grant",
            "documents.direct",
            "documents.secret",
            "people.view",
        }
    ),
    Role.CLERK: Grant(
        REPORT_READING
        | {
            "documents.edit",
            "documents.number",
            "documents.secret",
            "reports.number",
            "reports.issue",
            "reports.grant",
        }
    ),
    Role.ADMINISTRATOR: Grant(
        frozenset(
            {
                "units.view",
                "units.reorganise",
                "accounts.manage",
                "collection.view",
                "collection.design",
                "dashboards.compose",
                "ethnic_data.view",
                "programs.view",
                "programs.design",
                "reports.certificates",
            }
        )
    ),
    Role.AUDITOR: Grant(REPORT_READING | {"accounts.audit", "people.view"}),
    # of works of the organisations that the person belongs to, and of nothing else
    Role.INVESTOR: Grant(
        frozenset({"programs.view", "programs.works", "collection.enter", "documents.view"}),
        everywhere=False,
    ),
}

# what only people of an area with units below it can do
OF_AREAS_WITH_UNITS = frozenset({"collection.review_own_area"})

PERMISSIONS: frozenset[str] = frozenset().union(*(grant.permissions for grant in TABLE.values()))


NOTHING = Grant(frozenset(), everywhere=False)


def grant_of(role: str) -> Grant:
    return TABLE.get(role, NOTHING)
