"""Doors for questions: who answers a need, who should talk about a topic, whom to invite."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clusters.models import Cluster
from clusters.views.shared import act, person
from core.http import render_page
from events import audience as events_audience
from matching import access, services, tasks
from matching.choices import Audience, EffectState
from matching.questions.answers import answers_to
from matching.questions.circles import circle_of_event, circle_of_topic, clusters_of_event
from matching.questions.own_pair import open_inquiry, own_pair_page, rests_on_examples

CHOSEN_AT_MOST = 100


@login_required
@require_safe
def need_answers(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show which offers answer a need, from whom and why."""
    need = access.get_need_for_answers(request.user, slug, pk)
    audience = access.audience_of(request.user)
    context = {
        "need": need,
        "cluster": need.cluster,
        "answers": answers_to(need, request.user, audience),
        "has_run_out": bool(need.valid_until and need.valid_until < timezone.localdate()),
        "is_for_staff": audience == Audience.STAFF,
    }
    return render(request, "matching/need_answers.html", context)


@login_required
@require_safe
def topic_circle(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who should talk about a topic, and because of what."""
    topic, own = access.get_topic_for_circle(request.user, slug)
    context = {
        "topic": topic,
        "own": own,
        "circle": circle_of_topic(topic, request.user, own=own),
        "is_for_staff": not own,
    }
    return render(request, "matching/topic_circle.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def event_circle(request: HttpRequest, slug: str) -> HttpResponse:
    """Show staff whom to invite because of what; those ticked go into the form for inviting."""
    event = access.get_event_for_circle(request.user, slug)
    error = ""
    if request.method == "POST":
        wanted = request.POST.getlist("clusters")[:CHOSEN_AT_MOST]
        slugs = Cluster.objects.published().filter(slug__in=wanted).values_list("slug", flat=True)
        if slugs:
            chosen = events_audience.Audience(clusters=tuple(sorted(slugs)))
            draft = events_audience.keep(person(request), chosen)
            address = reverse("events:invitation-audience", args=[event.slug])
            return redirect(f"{address}?draft={draft}")
        error = _("Please tick at least one cluster.")
    context = {
        "event": event,
        "circle": circle_of_event(event, request.user),
        "there": {name: len(found) for name, found in clusters_of_event(event).items()},
        "error": error,
    }
    return render(request, "matching/event_circle.html", context, status=422 if error else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_pair(request: HttpRequest, slug: str, partner: str) -> HttpResponse:
    """Show a cluster's people what speaks for and against a partner; staff has its own page."""
    cluster, other = access.get_pair(request.user, slug, partner)
    if access.audience_of(request.user) == Audience.STAFF:
        query = QueryDict(mutable=True)
        query.update({"one": cluster.slug, "other": other.slug, "audience": Audience.STAFF})
        return redirect(f"{reverse('matching:pair-explain')}?{query.urlencode()}")
    if request.method == "POST":
        act(request, lambda: _ask(request, cluster, other), _("The pair is being computed."))
        return redirect("matching:own-pair", slug=slug, partner=partner)
    inquiry = open_inquiry(cluster, other)
    complete = inquiry is not None and inquiry.state == EffectState.COMPLETE
    context: dict[str, object] = {
        "cluster": cluster,
        "partner": other,
        "inquiry": inquiry,
        "pair": own_pair_page(inquiry) if inquiry and complete else None,
        "rests_on_examples": complete and inquiry is not None and rests_on_examples(inquiry),
        "failure": services.failure_in_words(inquiry.failure) if inquiry else "",
    }
    return render_page(
        request, "matching/own_pair.html", "matching/partials/_own_pair_answer.html", context
    )


def _ask(request: HttpRequest, cluster: Cluster, other: Cluster) -> None:
    inquiry = services.ask_about_pair(
        user=person(request), cluster=cluster, partner=other, audience=Audience.CLUSTERS
    )
    tasks.answer_inquiry.delay_on_commit(inquiry.pk)  # type: ignore[attr-defined]
