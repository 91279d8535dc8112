"""A new cluster applies: form, review, confirmation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clusters.access import get_application_for_edit
from clusters.forms.application import ApplicationForm
from clusters.services.applications import submit_application, submit_application_again
from core.errors import DomainError
from core.http import client_address
from core.limits import within

APPLICATIONS_PER_HOUR = 5


@require_http_methods(["GET", "HEAD", "POST"])
def application_create(request: HttpRequest) -> HttpResponse:
    """Take in an application: entered, looked over, sent."""
    form = ApplicationForm(request.POST or None)
    if not _is_sent(request, form):
        return _show(request, form, {})
    submit_application(
        values=form.columns(),
        innovation_fields=form.cleaned_data["innovation_fields"],
        language=get_language() or "de",
    )
    return redirect("clusters:application-sent")


@require_http_methods(["GET", "HEAD", "POST"])
def application_edit(request: HttpRequest, token: str) -> HttpResponse:
    """Change an application staff has a question about, by the link of the mail."""
    application = get_application_for_edit(token)
    form = ApplicationForm(request.POST or None, initial=ApplicationForm.initial_of(application))
    if not _is_sent(request, form):
        return _show(request, form, {"application": application})
    try:
        submit_application_again(
            application=application,
            values=form.columns(),
            innovation_fields=form.cleaned_data["innovation_fields"],
        )
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("clusters:application-sent")


@require_safe
def application_sent(request: HttpRequest) -> HttpResponse:
    """Say what happens with the application now."""
    return render(request, "clusters/application_sent.html", {"crumbs": _crumbs()})


def _is_sent(request: HttpRequest, form: ApplicationForm) -> bool:
    """Tell whether the person has looked everything over and wants it sent."""
    if request.method != "POST" or "send" not in request.POST or not form.is_valid():
        return False
    if within("apply", client_address(request), limit=APPLICATIONS_PER_HOUR, seconds=3600):
        return True
    form.add_error(
        None, _("Too many applications came from your connection. Try again in an hour.")
    )
    return False


def _show(request: HttpRequest, form: ApplicationForm, context: dict[str, object]) -> HttpResponse:
    """Show the form, or what was entered once it is complete."""
    wants_review = request.method == "POST" and "change" not in request.POST
    page = "clusters/application.html"
    if wants_review and form.is_valid():
        page = "clusters/application_review.html"
    elif request.method == "POST" and not wants_review:
        form = ApplicationForm(initial=_entered(request))
    return render(request, page, {**context, "form": form, "crumbs": _crumbs()})


def _entered(request: HttpRequest) -> dict[str, object]:
    """What stands in the hidden fields of the review page."""
    many = request.POST.getlist("innovation_fields")
    return {**request.POST.dict(), "innovation_fields": many}


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Register a new cluster"), "")]
