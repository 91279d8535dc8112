"""Doors for staff: deciding whether a new cluster joins."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clusters.access import get_application_for_review
from clusters.choices import ReviewState
from clusters.services import applications
from clusters.views.moderation import decide_with_reason
from clusters.views.shared import act, person


@login_required
@require_safe
def application_review(request: HttpRequest, pk: int) -> HttpResponse:
    """What a new cluster says about itself, and the three decisions."""
    application = get_application_for_review(request.user, pk)
    context = {
        "application": application,
        "fields": application.innovation_fields.all(),
        "waiting": application.state == ReviewState.SUBMITTED,
    }
    return render(request, "clusters/change_application.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def application_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take the cluster in; its contact is invited as the first manager."""
    application = get_application_for_review(request.user, pk)
    back = reverse("clusters:application-review", args=[pk])
    if request.method == "POST":
        worked = act(
            request,
            lambda: applications.accept_application(user=person(request), application=application),
            _("Accepted. The contact person is invited as manager by mail."),
        )
        return redirect("dialog:moderation" if worked else back)
    context = {
        "title": _("Take %(name)s in?") % {"name": application.name},
        "text": _("%(person)s is invited as its first manager by mail.")
        % {"person": application.contact_name},
        "submit_label": _("Accept application"),
        "cancel_url": back,
        "danger": False,
    }
    return render(request, "components/confirm.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def application_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the applicant for more, with a reason."""
    application = get_application_for_review(request.user, pk)
    return decide_with_reason(
        request,
        application,
        verb=lambda reason, _version: applications.request_application_changes(
            user=person(request), application=application, reason=reason
        ),
        title=_("What should be different?"),
        label=_("Ask for changes"),
        back=reverse("clusters:application-review", args=[pk]),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def application_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Decline an application, with a reason."""
    application = get_application_for_review(request.user, pk)
    return decide_with_reason(
        request,
        application,
        verb=lambda reason, _version: applications.decline_application(
            user=person(request), application=application, reason=reason
        ),
        title=_("Decline this application?"),
        label=_("Decline"),
        back=reverse("clusters:application-review", args=[pk]),
    )
