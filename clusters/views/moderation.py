"""Doors for staff: deciding about changes, publishing profiles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters.access import (
    get_change_for_review,
    get_cluster_for_edit,
    require_staff,
)
from clusters.choices import ReviewState
from clusters.diff import diff_change
from clusters.forms.review import AcceptForm, ReasonForm
from clusters.services import changes, publication
from clusters.views.shared import act, person
from core.errors import DomainError


@login_required
@require_safe
def change_review(request: HttpRequest, pk: int) -> HttpResponse:
    """What a change changes, and the three decisions."""
    change = get_change_for_review(request.user, pk)
    context = {
        "change": change,
        "cluster": change.cluster,
        "rows": diff_change(change),
        "form": AcceptForm(initial={"version": change.updated_at.isoformat()}),
        "waiting": change.state == ReviewState.SUBMITTED,
    }
    return render(request, "clusters/change_review.html", context)


@login_required
@require_POST
def change_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the change live."""
    change = get_change_for_review(request.user, pk)
    version = request.POST.get("version", "")
    worked = act(
        request,
        lambda: changes.accept_change(user=person(request), change=change, version=version),
        _("Accepted. The change is live and the author is told by mail."),
    )
    return redirect("dialog:moderation") if worked else redirect("clusters:change-review", pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the author for changes, with a reason."""
    change = get_change_for_review(request.user, pk)
    return decide_with_reason(
        request,
        change,
        verb=lambda reason, version: changes.request_changes(
            user=person(request), change=change, reason=reason, version=version
        ),
        title=_("What should be different?"),
        label=_("Ask for changes"),
        back=reverse("clusters:change-review", args=[pk]),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Decline a change for good, with a reason."""
    change = get_change_for_review(request.user, pk)
    return decide_with_reason(
        request,
        change,
        verb=lambda reason, version: changes.decline_change(
            user=person(request), change=change, reason=reason, version=version
        ),
        title=_("Decline this change?"),
        label=_("Decline"),
        back=reverse("clusters:change-review", args=[pk]),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cluster_publication(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    """Ask, then publish, take back or archive a profile."""
    require_staff(request.user)
    cluster = get_cluster_for_edit(request.user, slug)
    move, title, text, label = {
        "publish": (
            publication.publish_cluster,
            _("Publish %(cluster)s?"),
            _("Everybody can read the profile from now on."),
            _("Publish"),
        ),
        "unpublish": (
            publication.unpublish_cluster,
            _("Take %(cluster)s out of the directory?"),
            _("Only its members and staff see the profile then."),
            _("Take out of the directory"),
        ),
        "archive": (
            publication.archive_cluster,
            _("Archive %(cluster)s?"),
            _("The profile is put away. Nothing is deleted; it can be published again."),
            _("Archive"),
        ),
    }[verb]
    if request.method == "POST":
        act(
            request,
            lambda: move(user=person(request), cluster=cluster),
            _("Done: %(verb)s.") % {"verb": label},
        )
        return redirect("clusters:cluster-edit", slug)
    context = {
        "title": title % {"cluster": cluster},
        "text": text,
        "submit_label": label,
        "cancel_url": reverse("clusters:cluster-edit", args=[slug]),
        "danger": verb != "publish",
    }
    return render(request, "components/confirm.html", context)


def decide_with_reason(
    request: HttpRequest,
    entry: Any,
    *,
    verb: Callable[[str, str], object],
    title: str,
    label: str,
    back: str,
) -> HttpResponse:
    """Show a form for the reason; on POST call ``verb(reason, version)``."""
    version = request.GET.get("version") or entry.updated_at.isoformat()
    form = ReasonForm(request.POST or None, initial={"version": version})
    if request.method == "POST" and form.is_valid():
        try:
            verb(form.cleaned_data["reason"], form.cleaned_data["version"])
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("Decided. The author receives your reason by mail."))
            return redirect("dialog:moderation")
    context = {"title": title, "form": form, "submit_label": label, "cancel_url": back}
    return render(request, "components/confirm.html", {**context, "text": str(entry)})
