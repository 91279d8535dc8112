"""Doors for saying what a suggestion is worth, on the page and from the digest."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from clusters.models import Cluster
from clusters.views.shared import act, person
from core.choices import MailKind
from core.errors import DomainError
from core.mail.optout import can_opt_out, opt_in, opt_out, opted_out
from matching import access, services
from matching.choices import FeedbackKind
from matching.forms.feedback import LaterForm, NotificationForm, UnsuitableForm
from matching.forms.introductions import AskForm
from matching.introducing.introductions import pair_reasons
from matching.models import DigestSubscription
from matching.views.links import unlisted

_FORMS: dict[str, Any] = {FeedbackKind.LATER: LaterForm, FeedbackKind.UNSUITABLE: UnsuitableForm}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def feedback_create(request: HttpRequest, slug: str, partner: str, kind: str) -> HttpResponse:
    """Put a suggestion off, or say why it does not fit; wrong data lead to the profile."""
    cluster, other = access.get_pair_for_asking(request.user, slug, partner)
    if kind == FeedbackKind.DATA_WRONG:
        return _wrong_data(request, cluster, other)
    form = _form(kind)(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _say(person(request), cluster, other, kind, form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field or None, error.message)
        else:
            messages.success(request, said_words(kind, other))
            return redirect("matching:suggestion-list", slug=slug)
    context = {"cluster": cluster, "other": other, "form": form, "kind": kind}
    status = 422 if form.errors else 200
    return render(request, "matching/feedback_form.html", context, status=status)


def _form(kind: str) -> Any:
    if kind not in _FORMS:
        raise Http404
    return _FORMS[kind]


def _say(user: Any, cluster: Cluster, other: Cluster, kind: str, values: Any) -> None:
    services.give_feedback(
        user=user, cluster=cluster, partner=other, kind=FeedbackKind(kind), **values
    )


def _wrong_data(request: HttpRequest, cluster: Cluster, other: Cluster) -> HttpResponse:
    """Note it when sent by button, and lead to the form; the way there alone changes nothing."""
    if request.method == "POST":
        _say(person(request), cluster, other, FeedbackKind.DATA_WRONG, {})
        messages.success(request, _("Thank you. Please correct your entries here."))
        return redirect("clusters:cluster-edit", slug=cluster.slug)
    context = {
        "cluster": cluster,
        "other": other,
        "places": _places(cluster),
        "reasons": pair_reasons(cluster, other),
    }
    return render(request, "matching/feedback_wrong_data.html", context)


def _places(cluster: Cluster) -> list[tuple[str, str]]:
    """Where each part of what suggestions rest on is entered."""
    profile = reverse("clusters:cluster-edit", args=[cluster.slug])
    return [
        (_("Needs and offers"), reverse("clusters:statement-list", args=[cluster.slug])),
        (_("Stages of the value chain"), f"{profile}#terms_stage"),
        (_("Technologies"), f"{profile}#terms_technology"),
        (_("Innovation fields"), f"{profile}#innovation_fields"),
        (_("Text of the profile"), f"{profile}#id_profile_de"),
    ]


def said_words(kind: str, other: Cluster) -> str:
    """Return what follows from feedback."""
    if kind == FeedbackKind.LATER:
        return _("%(cluster)s is put off.") % {"cluster": other}
    return _("%(cluster)s is no longer suggested to you for twelve months.") % {"cluster": other}


@login_required
@require_POST
def feedback_undo(request: HttpRequest, slug: str, partner: str) -> HttpResponse:
    """Take back what was said about a suggestion."""
    cluster, other = access.get_pair_for_asking(request.user, slug, partner)
    act(
        request,
        lambda: services.undo_feedback(user=person(request), cluster=cluster, partner=other),
        _("%(cluster)s can be suggested to you again.") % {"cluster": other},
    )
    return redirect("matching:suggestion-list", slug=slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def suggestion_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a suggestion from the digest: introduce us, later, or not suitable."""
    user, cluster, other = access.get_pair_by_suggestion_token(token)
    kind = request.GET.get("a", "")
    if kind not in ("introduce", *_FORMS):
        kind = "introduce"
    form_class = AskForm if kind == "introduce" else _FORMS[kind]
    form = form_class(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if kind == "introduce":
                services.ask_introduction(
                    user=user, asker=cluster, partner=other, **form.cleaned_data
                )
            else:
                _say(user, cluster, other, kind, form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return redirect(f"{request.path}?a={kind}&done=1")
    context = {
        "cluster": cluster,
        "other": other,
        "form": form,
        "kind": kind,
        "reasons": pair_reasons(cluster, other),
        "done": "done" in request.GET,
    }
    status = 422 if form.errors else 200
    return unlisted(render(request, "matching/suggestion_answer.html", context, status=status))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """Let a person choose which mails they get."""
    user = person(request)
    initial: dict[str, bool] = {
        kind.value: not opted_out([user.email], kind) for kind in MailKind if can_opt_out(kind)
    }
    wants = DigestSubscription.objects.filter(user=user).exists()
    initial["digest"] = wants and not opted_out([user.email], MailKind.SUGGESTION)
    form = NotificationForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.set_digest(user=user, wanted=form.cleaned_data["digest"])
        for kind, is_refused in form.refused().items():
            (opt_out if is_refused else opt_in)(address=user.email, kind=kind)
        messages.success(request, _("Your choice is stored."))
        return redirect("matching:notifications")
    return render(request, "matching/notifications.html", {"form": form})
