"""Registering, for oneself and for colleagues, by people who are signed in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from clusters.views.shared import act, person
from core.errors import DomainError
from events import access, services
from events.choices import RegistrationState
from events.forms import ColleagueFormSet, RegistrationForm
from events.models import Event
from events.tokens import make_registration_token


def show_error(form: Any, error: DomainError) -> None:
    """Put what the domain says where it belongs in the form."""
    form.add_error(error.field if error.field in form.fields else None, error.message)


def _form(request: HttpRequest, user: User, event: Event) -> RegistrationForm:
    return RegistrationForm(
        request.POST if request.method == "POST" else None,
        event=event,
        questions=services.questions_for(event, None),
        clusters=access.clusters_of(user),
        initial={"name": user.name, "cluster": access.clusters_of(user).first()},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask what the event wants to know, then register."""
    user = person(request)
    event = access.get_event_for_registering(user, slug)
    if request.method != "POST" and access.own_registration(user, event):
        return redirect("events:my-registration", slug=slug)
    form = _form(request, user, event)
    if request.method == "POST" and form.is_valid():
        try:
            found = services.register(
                user=user,
                event=event,
                cluster=form.cleaned_data.get("cluster"),
                details=details_of(form),
            )
        except DomainError as error:
            show_error(form, error)
        else:
            told = found.state == RegistrationState.REGISTERED
            if told:
                messages.success(request, _("You are registered."))
            return redirect("events:registration", token=make_registration_token(found.pk))
    context = {"event": event, "form": form, **access.registration_facts(user, event)}
    status = 422 if form.errors else 200
    return render(request, "events/register.html", context, status=status)


def details_of(form: Any) -> services.Details:
    """Return what a valid form says, as the verbs take it."""
    data = form.cleaned_data
    return services.Details(
        name=data.get("name"),
        list_consent=data.get("list_consent"),
        expectation=data.get("expectation"),
        answers=form.values(),
        questions=form.questions,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register_colleagues(request: HttpRequest, slug: str) -> HttpResponse:
    """Let a manager register several people of their cluster in one go."""
    user = person(request)
    event, clusters = access.get_event_for_delegating(user, slug)
    data = request.POST if request.method == "POST" else None
    chosen = request.POST.get("cluster") or request.GET.get("cluster")
    cluster = clusters.filter(slug=chosen).first() or clusters[0]
    rows = ColleagueFormSet(data, prefix="people")
    error = ""
    if data is not None and rows.is_valid():
        try:
            new = services.register_colleagues(
                user=user, event=event, cluster=cluster, people=rows.people()
            )
        except DomainError as problem:
            error = problem.message
        else:
            text = ngettext(
                "%(count)d person is registered and gets a mail.",
                "%(count)d people are registered and get a mail each.",
                len(new),
            )
            messages.success(request, text % {"count": len(new)})
            return redirect("events:register-colleagues", slug=slug)
    context = {"event": event, "clusters": clusters, "cluster": cluster, "rows": rows}
    context |= {"error": error, "delegates": access.delegates_of(event, cluster)}
    status = 422 if data is not None else 200
    return render(request, "events/register_colleagues.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def unregister(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask once, then give the place back."""
    user = person(request)
    event = access.get_event_for_registering(user, slug)
    if request.method == "POST":
        act(
            request,
            lambda: services.unregister(user=user, event=event),
            _("You are no longer registered."),
        )
        return redirect(event)
    context = {
        "title": _("Withdraw from “%(event)s”?") % {"event": event.title},
        "text": _("Your place becomes free for somebody else."),
        "submit_label": _("Give my place back"),
        "cancel_url": event.get_absolute_url(),
    }
    return render(request, "components/confirm.html", context)


@login_required
@require_safe
def my_registration(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to the page of the person's own registration, or to the form."""
    user = person(request)
    event = access.get_event_for_registering(user, slug)
    found = access.own_registration(user, event)
    if found is None:
        return redirect("events:event-register", slug=slug)
    return redirect("events:registration", token=make_registration_token(found.pk))
