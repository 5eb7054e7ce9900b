"""Made-up records of the committee's work; they stand on the plans that the sample report names."""

from __future__ import annotations

from typing import Any

from portal.accounts.models import Division, User
from portal.documents.models import Document
from reports.models import office
from reports.services.reference import read

FILE = "office_demo.json"
MODELS: dict[str, type[office.Kept]] = {
    "trainings": office.Training,
    "bodies": office.SteeringBody,
    "systems": office.InformationSystem,
    "posts": office.ITPost,
    "findings": office.Finding,
    "recommendations": office.Recommendation,
}


def load(*, by: User) -> None:
    """Make the records once; every one says that it is made up."""
    if office.Plan.objects.filter(is_demo=True).exists():
        return
    told = read(FILE)
    for facts in told["plans"]:
        tasks = facts.pop("tasks")
        plan = _make(office.Plan, facts, by)
        for position, task in enumerate(tasks, start=1):
            _make(office.PlanTask, {**task, "plan": plan, "position": position}, by)
    for name, model in MODELS.items():
        for facts in told[name]:
            _make(model, facts, by)


def _make(model: type[Any], facts: dict[str, Any], by: User) -> Any:
    named = dict(facts)
    if code := named.pop("division", None):
        named["division"] = Division.objects.get(code=code)
    if document := named.pop("document", None):
        number, _, symbol = document.partition("/")
        named["document"] = Document.objects.filter(number=number, symbol=symbol).first()
    return model._default_manager.create(**named, created_by=by, is_demo=True)
