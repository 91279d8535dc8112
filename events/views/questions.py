"""The questions of an event."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from clusters.views.shared import act, person
from core.errors import DomainError
from events import access, services
from events.choices import QuestionStage
from events.forms import QuestionEditForm
from events.models import Event
from events.question_templates import TEMPLATE_NAMES

_FORM = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(_FORM)
def question_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what the event asks, stage by stage, and add questions."""
    event = access.get_event_for_staff(request.user, slug)
    if "template" in request.POST:
        return _add_template(request, event)
    stage = request.GET.get("stage", "")
    initial = {"stage": stage if stage in QuestionStage.values else QuestionStage.REGISTRATION}
    form = QuestionEditForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _save(request, event, form):
        return redirect("events:question-list", event.slug)
    rows = list(event.questions.annotate(answered=Count("answers")))
    context = {
        "event": event,
        "form": form,
        "stages": [
            (value, label, [row for row in rows if row.stage == value])
            for value, label in QuestionStage.choices
        ],
        "templates": TEMPLATE_NAMES.items(),
        "adding": form.is_bound or bool(stage),
    }
    return render(request, "events/question_list.html", context, status=422 if form.errors else 200)


def _add_template(request: HttpRequest, event: Event) -> HttpResponse:
    added = services.add_question_template(
        user=person(request), event=event, name=request.POST["template"]
    )
    if added:
        text = ngettext(
            "%(count)d question was added. Please adapt it to your event.",
            "%(count)d questions were added. Please adapt them to your event.",
            len(added),
        )
        messages.success(request, text % {"count": len(added)})
    else:
        messages.info(request, _("The event asks these questions already."))
    return redirect("events:question-list", event.slug)


def _save(request: HttpRequest, event: Event, form: QuestionEditForm) -> bool:
    """Call the verb; its refusal becomes an error of the form."""
    try:
        services.save_question(user=person(request), event=event, question=form.save(commit=False))
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    messages.success(request, _("Saved."))
    return True


@login_required
@require_http_methods(_FORM)
def question_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    question = access.get_question_for_staff(request.user, slug, pk)
    form = QuestionEditForm(request.POST if request.method == "POST" else None, instance=question)
    if request.method == "POST" and form.is_valid() and _save(request, question.event, form):
        return redirect("events:question-list", slug)
    context = {"event": question.event, "question": question, "form": form}
    return render(request, "events/question_edit.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def question_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    question = access.get_question_for_staff(request.user, slug, pk)
    up = request.POST.get("way") == "up"
    services.move_question(user=person(request), question=question, up=up)
    return redirect(f"{reverse('events:question-list', args=[slug])}#question-{pk}")


@login_required
@require_http_methods(_FORM)
def question_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask once and say how many answers go with the question, then delete it."""
    question = access.get_question_for_staff(request.user, slug, pk)
    back = reverse("events:question-list", args=[slug])
    answers = question.answers.count()
    if request.method == "POST":
        shown = request.POST.get("answers", "")
        known = int(shown) if shown.isdecimal() else 0
        act(
            request,
            lambda: services.delete_question(
                user=person(request), question=question, answers=known
            ),
            _("The question is deleted."),
        )
        return redirect(back)
    context = {"event": question.event, "question": question, "answers": answers, "back": back}
    return render(request, "events/question_delete.html", context)
