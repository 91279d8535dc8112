"""A door for staff: what speaks for and against any pair."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clusters.views.shared import person
from core.errors import DomainError
from core.http import render_page
from matching import access, services, tasks
from matching.choices import Audience, EffectState
from matching.forms import PairForm
from matching.models import PairInquiry
from matching.office.pair_page import pair_page
from matching.suggesting import candidates


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pair_explain(request: HttpRequest) -> HttpResponse:
    """Let staff choose two clusters; have the pair computed, and show the answer."""
    access.require_staff(request.user)
    if request.method == "POST":
        form = PairForm(request.POST)
        if form.is_valid() and (asked := _ask(request, form)):
            return redirect(asked)
    else:
        form = PairForm(request.GET if "one" in request.GET else None)
    context: dict[str, object] = {"form": form}
    if request.method != "POST" and form.is_bound and form.is_valid():
        context |= _found(form)
    return render_page(
        request, "matching/pair_explain.html", "matching/partials/_pair_answer.html", context
    )


def _ask(request: HttpRequest, form: PairForm) -> str:
    """Have the pair computed; return the address of the answer, or nothing after an error."""
    one, other = form.cleaned_data["one"], form.cleaned_data["other"]
    audience = Audience(form.cleaned_data["audience"])
    try:
        inquiry = services.ask_about_pair(
            user=person(request), cluster=one, partner=other, audience=audience
        )
    except DomainError as error:
        form.add_error(error.field or None, error.message)
        return ""
    tasks.answer_inquiry.delay_on_commit(inquiry.pk)  # type: ignore[attr-defined]
    query = QueryDict(mutable=True)
    query.update({"one": one.slug, "other": other.slug, "audience": audience})
    return f"{reverse('matching:pair-explain')}?{query.urlencode()}"


def _found(form: PairForm) -> dict[str, object]:
    one, other = form.cleaned_data["one"], form.cleaned_data["other"]
    inquiries = PairInquiry.objects.select_related("cluster", "partner")
    inquiry = inquiries.filter(
        cluster=one, partner=other, audience=form.cleaned_data["audience"]
    ).first()
    complete = inquiry is not None and inquiry.state == EffectState.COMPLETE
    return {
        "one": one,
        "other": other,
        "inquiry": inquiry,
        "pair": pair_page(inquiry) if inquiry and complete else None,
        "rules": candidates.rules_between(one, other) if complete else [],
        "failure": services.failure_in_words(inquiry.failure) if inquiry else "",
        "is_for_staff": form.cleaned_data["audience"] == Audience.STAFF,
    }
