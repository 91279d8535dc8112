"""Doors for managers: needs and offers."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters.access import get_change_for_edit, get_cluster_for_edit, get_statement_for_edit
from clusters.choices import ChangeTarget, ReviewState, StatementStatus
from clusters.diff import DiffRow, diff_change, diff_values
from clusters.forms.statement import StatementForm
from clusters.models import ChangeRequest, Cluster, Need, Offer
from clusters.services.changes import (
    StaleDraftError,
    find_open_change,
    save_draft,
    version_of,
)
from clusters.services.statements import archive_statement, extend_statement, restore_statement
from clusters.snapshots import Values, changed_only, snapshot
from clusters.views.shared import act, person
from core.errors import DomainError

Entry = Need | Offer


@login_required
@require_safe
def statement_list(request: HttpRequest, slug: str) -> HttpResponse:
    """All needs and offers of a cluster as its managers see them, drafts included."""
    cluster = get_cluster_for_edit(request.user, slug)
    changes = list(cluster.change_requests.of_statements())
    by_entry = {(c.target, c.need_id or c.offer_id): c for c in changes if c.is_open}
    sections = [
        {
            "kind": kind,
            "title": title,
            "entries": [
                (entry, by_entry.get((kind, entry.pk)))
                for entry in entries.select_related("stage").prefetch_related("terms")
            ],
            "new": [c for c in changes if c.target == kind and c.is_open and not c.has_entry],
            "declined": [
                c for c in changes if c.target == kind and c.state == ReviewState.DECLINED
            ],
        }
        for kind, title, entries in (
            ("need", _("Needs"), cluster.needs),
            ("offer", _("Offers"), cluster.offers),
        )
    ]
    context = {
        "cluster": cluster,
        "sections": sections,
        "today": timezone.localdate(),
        "undo": _archived(cluster, request.GET.get("archived", "")),
    }
    return render(request, "clusters/statement_list.html", context)


def _archived(cluster: Cluster, key: str) -> tuple[str, Entry] | None:
    """Return what was archived a moment ago, so that the page can offer to undo it."""
    kind, _dash, pk = key.partition("-")
    if kind not in {ChangeTarget.NEED, ChangeTarget.OFFER} or not pk.isdecimal():
        return None
    entries = cluster.needs if kind == ChangeTarget.NEED else cluster.offers
    entry = entries.filter(pk=pk, status=StatementStatus.ARCHIVED).first()
    return (kind, entry) if entry else None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def statement_create(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """A new need or offer."""
    return _edit(request, get_cluster_for_edit(request.user, slug), kind, None, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def statement_edit(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Change a need or offer; the published one stays until staff has accepted."""
    entry = get_statement_for_edit(request.user, slug, kind, pk)
    change = find_open_change(entry.cluster, kind, entry)
    return _edit(request, entry.cluster, kind, entry, change)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def statement_draft(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Go on with a draft, of a new entry or of one that exists."""
    change = get_change_for_edit(request.user, slug, pk)
    if change.target == ChangeTarget.PROFILE or not change.is_open:
        raise Http404
    return _edit(request, change.cluster, change.target, change.need or change.offer, change)


def _edit(
    request: HttpRequest,
    cluster: Cluster,
    kind: str,
    entry: Entry | None,
    change: ChangeRequest | None,
) -> HttpResponse:
    start = _start(entry, change)
    conflict: list[DiffRow] = []
    if request.method == "POST":
        form = StatementForm(request.POST, values=start, target=kind)
        if form.is_valid():
            try:
                draft = _save(request, cluster, kind, entry, change, form)
            except StaleDraftError as error:
                conflict = _take_note(form, entry, error.change)
                form.add_error(None, error.message)
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                return _after_save(request, draft)
    else:
        values = {**start, "version": version_of(entry, change)}
        form = StatementForm(values=values, target=kind)
    waiting = change is not None and change.state == ReviewState.SUBMITTED
    context = {
        "cluster": cluster,
        "kind": kind,
        "entry": entry,
        "change": change,
        "form": form,
        "conflict": conflict,
        "waiting": waiting,
        "rows": diff_change(change) if change and waiting else [],
    }
    return render(request, "clusters/statement_edit.html", context)


def _save(
    request: HttpRequest,
    cluster: Cluster,
    kind: str,
    entry: Entry | None,
    change: ChangeRequest | None,
    form: StatementForm,
) -> ChangeRequest:
    return save_draft(
        user=person(request),
        cluster=cluster,
        target=kind,
        values=form.values(),
        version=form.cleaned_data["version"],
        entry=entry,
        change=change,
    )


def _start(entry: Entry | None, change: ChangeRequest | None) -> Values:
    return {**snapshot(entry), **(change.values if change else {})}


def _take_note(
    form: StatementForm, entry: Entry | None, change: ChangeRequest | None
) -> list[DiffRow]:
    """Compare theirs with ours, and let the next save of this form replace theirs knowingly."""
    if entry is not None:
        entry.refresh_from_db()
    theirs = _start(entry, change)
    form.renew(version_of(entry, change))
    return diff_values(theirs, changed_only(theirs, form.values()))


def _after_save(request: HttpRequest, draft: ChangeRequest) -> HttpResponse:
    slug = draft.cluster.slug
    if "submit" in request.POST:
        return redirect("clusters:change-submit", slug, draft.pk)
    messages.success(request, _("Draft saved. Visitors see it after it was reviewed."))
    return redirect("clusters:statement-list", slug)


@login_required
@require_POST
def statement_archive(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Take an entry away from visitors; the next page offers to undo it."""
    entry = get_statement_for_edit(request.user, slug, kind, pk)
    done = _("Archived. Visitors no longer see this entry.")
    worked = act(request, lambda: archive_statement(user=person(request), entry=entry), done)
    address = reverse("clusters:statement-list", args=[slug])
    return redirect(f"{address}?archived={kind}-{pk}" if worked else address)


@login_required
@require_POST
def statement_restore(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Bring an archived entry back."""
    entry = get_statement_for_edit(request.user, slug, kind, pk)
    done = _("The entry is back; visitors see it again.")
    act(request, lambda: restore_statement(user=person(request), entry=entry), done)
    return redirect("clusters:statement-list", slug)


@login_required
@require_POST
def statement_extend(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Let an entry stay for another half year."""
    entry = get_statement_for_edit(request.user, slug, kind, pk)
    done = _("Extended by half a year.")
    act(request, lambda: extend_statement(user=person(request), entry=entry), done)
    return redirect("clusters:statement-list", slug)
