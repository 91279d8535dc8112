"""Pages behind the links in mails, without signing in.

A link never changes anything by being opened: programs that scan mails follow links. It opens a
page with one button; the person named in it must still manage the cluster.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from matching import access
from matching.forms.introductions import ANSWERS, OutcomeForm, ReplyForm
from matching.introducing.introductions import line_of
from matching.views.introductions import store_outcome, store_reply
from matching.views.links import unlisted

_ANSWERS = {value for value, _label in ANSWERS}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def introduction_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show who wants to talk and why; store the answer only when sent by button."""
    seat = access.get_seat_by_answer_token(token)
    chosen = request.GET.get("a", "")
    form = ReplyForm(
        request.POST if request.method == "POST" else None,
        initial={"answer": chosen if chosen in _ANSWERS else ""},
    )
    if request.method == "POST" and form.is_valid():
        try:
            store_reply(seat, form)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect(f"{request.path}?done={form.cleaned_data['answer']}")
    line = line_of(seat.introduction, seat.cluster)
    done = request.GET.get("done", "")
    context = {
        "line": line,
        "form": form,
        "chosen": form["answer"].value(),
        "done": done if done in _ANSWERS else "",
    }
    is_over = not line.can_answer and not context["done"]
    status = 422 if form.errors else 410 if is_over else 200
    return unlisted(render(request, "matching/introduction_answer.html", context, status=status))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def introduction_outcome_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask what came of an introduction; store it only when sent by button."""
    seat = access.get_seat_by_outcome_token(token)
    form = OutcomeForm(
        request.POST if request.method == "POST" else None,
        initial={"kind": request.GET.get("a", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            store_outcome(seat, form)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect(f"{request.path}?done=1")
    context = {
        "line": line_of(seat.introduction, seat.cluster),
        "form": form,
        "done": "done" in request.GET,
    }
    status = 422 if form.errors else 200
    return unlisted(render(request, "matching/introduction_outcome.html", context, status=status))
