"""The survey after an event: answered by link, read by staff without names."""

from collections.abc import Iterator, Sequence

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.csv import csv_response
from core.errors import DomainError
from events import access, services
from events.choices import QuestionStage
from events.dates import survey_is_open
from events.forms import QuestionForm
from events.models import Event, QuestionAnswer
from events.services.survey import response_key
from events.survey import SHOWN_FROM, SurveyResults, results


def _answers(event: Event, token: str) -> dict[int, object]:
    rows = QuestionAnswer.objects.filter(response__event=event, response__key=response_key(token))
    return dict(rows.values_list("question_id", "value"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whoever took part; the same link shows what was answered and takes changes."""
    event = access.get_registration_for_reading(token).event
    questions = list(event.questions.filter(stage=QuestionStage.SURVEY))
    given = _answers(event, token)
    form = QuestionForm(
        request.POST if request.method == "POST" else None, questions=questions, answers=given
    )
    is_open = bool(questions) and survey_is_open(event)
    if request.method == "POST" and is_open and form.is_valid():
        try:
            services.answer_survey(event=event, token=token, values=form.values())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect(f"{reverse('events:survey', args=[token])}?thanks=1")
    context = {
        "event": event,
        "form": form,
        "is_open": is_open,
        "is_early": not is_open and bool(questions) and not given and event.phase == "published",
        "given": given,
        "thanks": "thanks" in request.GET and bool(given),
    }
    status = 410 if not is_open else 422 if form.errors else 200
    response = render(request, "events/survey.html", context, status=status)
    # The address is as good as a key.
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@login_required
@require_safe
def survey_results(request: HttpRequest, slug: str) -> HttpResponse:
    """Show staff what was answered, from three responses on."""
    event = access.get_event_for_figures(request.user, slug)
    context = {
        "event": event,
        "results": results(event),
        "shown_from": SHOWN_FROM,
        "asked": event.questions.filter(stage=QuestionStage.SURVEY).exists(),
        "is_open": survey_is_open(event),
    }
    return render(request, "events/survey_results.html", context)


@login_required
@require_safe
def survey_table(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Hand out the results as a table; what is not shown on the page is not in it either."""
    event = access.get_event_for_figures(request.user, slug)
    found = results(event)
    if not found.are_shown:
        raise Http404
    return csv_response(f"{_('survey')}-{event.slug}", _table(found))


def _table(found: SurveyResults) -> Iterator[Sequence[object]]:
    yield (_("Question"), _("Answer"), _("Number"), _("Percent"))
    for result in found.questions:
        label = result.question.label
        for bar in result.bars:
            yield (label, bar.label, bar.count, bar.percent)
        if result.average is not None:
            yield (label, _("Average"), f"{result.average:.2f}", "")
        for text in result.texts:
            yield (label, text, "", "")
