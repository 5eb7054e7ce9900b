"""What a field that names a document offers while somebody types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.access import permission_needed
from portal.collection.workbooks.names import tidy
from portal.documents.models import Document

OFFERED = 12
LONGEST = 120


@permission_needed("programs.view")
def document_offers(request: HttpRequest) -> HttpResponse:
    """Documents that match what stands in the field, whatever its name; the newest of nothing."""
    typed = next(iter(request.GET.values()), "")
    found = Document.objects.visible_to(request.user).exclude(number="")
    documents = found.search(tidy(typed.replace("\0", ""))[:LONGEST]).with_catalogue()[:OFFERED]
    return render(request, "programs/document_offers.html", {"documents": documents})
