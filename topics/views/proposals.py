"""Doors of managers and staff: proposing topics and deciding about them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clusters.views.shared import act, person
from topics import access, listing, services
from topics.choices import TopicStatus
from topics.forms import DecisionForm, ProposalForm, StatusForm
from topics.models import Topic


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def topic_propose(request: HttpRequest) -> HttpResponse:
    """Write a new topic; keep it as a draft or hand it to staff."""
    clusters = access.get_clusters_for_propose(request.user)
    form = ProposalForm(request.POST or None, clusters=clusters)
    if request.method == "POST" and form.is_valid():
        return _keep(request, form, None)
    return _proposal_page(request, form, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def topic_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Go on with a draft, or with a proposal that staff has sent back."""
    topic = access.get_topic_for_edit(request.user, slug)
    clusters = access.get_clusters_for_propose(request.user)
    form = ProposalForm(request.POST or None, clusters=clusters, topic=topic)
    if request.method == "POST" and form.is_valid():
        return _keep(request, form, topic)
    return _proposal_page(request, form, topic)


def _keep(request: HttpRequest, form: ProposalForm, topic: Topic | None) -> HttpResponse:
    user = person(request)
    draft = services.save_proposal(user=user, topic=topic, **form.values())
    if request.POST.get("action") == "submit":
        act(
            request,
            lambda: services.submit_proposal(user=user, topic=draft),
            _("Proposed. NRW.innovativ looks at it and answers by mail."),
        )
    else:
        messages.success(request, _("Saved as a draft. Only your cluster sees it."))
    return redirect(draft)


def _proposal_page(request: HttpRequest, form: ProposalForm, topic: Topic | None) -> HttpResponse:
    context = {"form": form, "topic": topic, "crumbs": listing.crumbs(topic, _("Propose a topic"))}
    status = 422 if form.errors else 200
    return render(request, "topics/topic_form.html", context, status=status)


@login_required
@require_POST
def topic_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a proposal back while it waits."""
    topic = access.get_topic_for_withdraw(request.user, slug)
    act(
        request,
        lambda: services.withdraw_proposal(user=person(request), topic=topic),
        _("Taken back. It is a draft again."),
    )
    return redirect(topic)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def topic_discard(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then throw a draft away."""
    topic = access.get_topic_for_edit(request.user, slug)
    if request.method == "POST":
        worked = act(
            request,
            lambda: services.discard_proposal(user=person(request), topic=topic),
            _("The draft is deleted."),
        )
        return redirect("topics:topic-list" if worked else topic)
    context = {
        "title": _("Delete this draft?"),
        "text": _("“%(topic)s” is gone for good.") % {"topic": topic},
        "submit_label": _("Delete draft"),
        "cancel_url": topic.get_absolute_url(),
    }
    return render(request, "components/confirm.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def topic_review(request: HttpRequest, slug: str) -> HttpResponse:
    """Decide about a proposal, or move a published topic on."""
    topic = access.get_topic_for_review(request.user, slug)
    is_waiting = topic.status == TopicStatus.PROPOSED
    form = (
        DecisionForm(request.POST or None)
        if is_waiting
        else StatusForm(request.POST or None, initial={"status": topic.status})
    )
    if request.method == "POST" and form.is_valid():
        verb = services.decide_proposal if is_waiting else services.change_status
        user, data = person(request), form.cleaned_data
        if act(request, lambda: verb(user=user, topic=topic, **data), _("Done.")):
            return redirect("topics:topic-list" if is_waiting else topic)
    context = {
        "topic": topic,
        "form": form,
        "is_waiting": is_waiting,
        "may_decide": is_waiting or topic.is_published,
        "crumbs": listing.crumbs(topic, _("Decide")),
    }
    return render(request, "topics/topic_review.html", context, status=422 if form.errors else 200)
