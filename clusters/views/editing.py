"""Doors for managers: the profile as a draft, its preview, and the way into review."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters.access import get_change_for_edit, get_cluster_for_edit
from clusters.choices import ChangeTarget, ReviewState
from clusters.diff import DiffRow, diff_change, diff_values
from clusters.forms.profile import ProfileForm
from clusters.models import ChangeRequest, Cluster
from clusters.profile import fact_rows, term_groups
from clusters.services.changes import (
    StaleDraftError,
    discard_change,
    find_open_change,
    save_draft,
    submit_change,
    version_of,
    withdraw_change,
)
from clusters.snapshots import Values, changed_only, preview_of, snapshot
from clusters.views.shared import act, person
from core.downloads import file_response
from core.errors import DomainError
from core.http import render_page


@login_required
@require_safe
def my_clusters(request: HttpRequest) -> HttpResponse:
    """The clusters a person belongs to, and what they may do there."""
    memberships = (
        person(request)
        .memberships.filter(ended_at=None)
        .select_related("cluster")
        .order_by("cluster__name")
    )
    return render(request, "clusters/my_clusters.html", {"memberships": memberships})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cluster_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The profile form. It always shows and saves the draft, never the live profile."""
    cluster = get_cluster_for_edit(request.user, slug)
    change = find_open_change(cluster, ChangeTarget.PROFILE)
    start = start_values(cluster, change)
    conflict: list[DiffRow] = []
    if request.method == "POST":
        form = ProfileForm(request.POST, request.FILES, values=start)
        if form.is_valid():
            try:
                draft = _save(request, cluster, form)
            except StaleDraftError as error:
                change = error.change
                cluster.refresh_from_db()
                conflict = _take_note(form, cluster, change)
                form.add_error(None, error.message)
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                return _after_save(request, draft)
    else:
        form = ProfileForm(values={**start, "version": version_of(cluster, change)})
    return render(request, "clusters/edit_profile.html", _page(cluster, change, form, conflict))


@login_required
@require_POST
def cluster_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """What visitors will see of what stands in the form now; nothing is saved."""
    cluster = get_cluster_for_edit(request.user, slug)
    change = find_open_change(cluster, ChangeTarget.PROFILE)
    form = ProfileForm(request.POST, values=start_values(cluster, change))
    form.is_valid()
    values = form.values(store=False)
    return render_page(
        request,
        "clusters/edit_preview.html",
        "clusters/partials/_preview.html",
        preview_context(cluster, values),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_submit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show what would change, then hand it to staff."""
    change = get_change_for_edit(request.user, slug, pk)
    if request.method == "POST":
        version = request.POST.get("version", "")
        done = _("Submitted. NRW.innovativ checks your change; you receive an answer by mail.")
        act(
            request,
            lambda: submit_change(user=person(request), change=change, version=version),
            done,
        )
        return redirect(back_of(change))
    context = {
        "cluster": change.cluster,
        "change": change,
        "rows": diff_change(change),
        "version": change.updated_at.isoformat(),
        "edit_url": edit_url(change),
    }
    return render(request, "clusters/change_submit.html", context)


@login_required
@require_POST
def change_withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a change back from review; it becomes a draft again."""
    change = get_change_for_edit(request.user, slug, pk)
    done = _("Withdrawn. You can edit your draft again.")
    act(request, lambda: withdraw_change(user=person(request), change=change), done)
    return redirect(back_of(change))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_discard(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then throw a draft away."""
    change = get_change_for_edit(request.user, slug, pk)
    if request.method == "POST":
        done = _("The draft was thrown away. What visitors see is unchanged.")
        act(request, lambda: discard_change(user=person(request), change=change), done)
        return redirect(back_of(change))
    context = {
        "title": _("Throw this draft away?"),
        "text": _("What visitors see stays as it is. The draft cannot be brought back."),
        "submit_label": _("Throw draft away"),
        "cancel_url": edit_url(change),
    }
    return render(request, "components/confirm.html", context)


@login_required
@require_safe
def change_logo(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """The picture a draft holds: for those who may edit or review it."""
    change = get_change_for_edit(request.user, slug, pk)
    seen = preview_of(change.cluster, start_values(change.cluster, change))
    if not seen.logo:
        raise Http404
    return file_response(seen.logo)


def start_values(cluster: Cluster, change: ChangeRequest | None) -> Values:
    """The live profile with the draft laid upon it."""
    return {**snapshot(cluster), **(change.values if change else {})}


def preview_context(cluster: Cluster, values: Values) -> dict[str, object]:
    """What the preview shows: the parts of the profile page a manager can edit."""
    seen = preview_of(cluster, values)
    return {
        "cluster": cluster,
        "seen": seen,
        "fields": list(seen.innovation_fields.all()),
        "term_groups": term_groups(seen),
        "facts": fact_rows(seen),
    }


def back_of(change: ChangeRequest) -> str:
    """Where a manager goes on after a decision about a draft."""
    if change.target == ChangeTarget.PROFILE:
        return reverse("clusters:cluster-edit", args=[change.cluster.slug])
    return reverse("clusters:statement-list", args=[change.cluster.slug])


def edit_url(change: ChangeRequest) -> str:
    """The form a draft is edited in."""
    if change.target == ChangeTarget.PROFILE:
        return back_of(change)
    return reverse("clusters:statement-draft", args=[change.cluster.slug, change.pk])


def _save(request: HttpRequest, cluster: Cluster, form: ProfileForm) -> ChangeRequest:
    values = form.values()
    try:
        return save_draft(
            user=person(request),
            cluster=cluster,
            target=ChangeTarget.PROFILE,
            values=values,
            version=form.cleaned_data["version"],
        )
    except DomainError:
        form.forget_logo(values)
        raise


def _take_note(form: ProfileForm, cluster: Cluster, change: ChangeRequest | None) -> list[DiffRow]:
    """Compare theirs with ours, and let the next save of this form replace theirs knowingly."""
    theirs = start_values(cluster, change)
    form.renew(version_of(cluster, change))
    return diff_values(theirs, changed_only(theirs, form.values(store=False)))


def _after_save(request: HttpRequest, draft: ChangeRequest) -> HttpResponse:
    if "submit" in request.POST:
        return redirect("clusters:change-submit", draft.cluster.slug, draft.pk)
    messages.success(request, _("Draft saved. Visitors see it after it was reviewed."))
    return redirect("clusters:cluster-edit", draft.cluster.slug)


def _page(
    cluster: Cluster, change: ChangeRequest | None, form: ProfileForm, conflict: list[DiffRow]
) -> dict[str, object]:
    waiting = change is not None and change.state == ReviewState.SUBMITTED
    values = start_values(cluster, change)
    return {
        "change": change,
        "form": form,
        "conflict": conflict,
        "waiting": waiting,
        "rows": diff_change(change) if change and waiting else [],
        "has_draft_logo": bool(change and change.values.get("logo")),
        **preview_context(cluster, values),
        "cluster": cluster,
    }
