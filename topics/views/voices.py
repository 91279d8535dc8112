"""Doors of signed-in people: giving a cluster's voice, following a topic."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clusters.models import Cluster
from clusters.views.shared import act, person
from core.http import wants_partial
from topics import access, listing, services
from topics.forms import EndorsementForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def topic_endorse(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the cluster's voice, or change what it says."""
    topic, clusters = access.get_topic_for_endorse(request.user, slug)
    given = topic.endorsements.filter(cluster__in=clusters)
    chosen = given.filter(cluster__slug=request.GET.get("cluster", "")).first() or given.first()
    form = EndorsementForm(request.POST or None, clusters=clusters, endorsement=chosen)
    if request.method == "POST" and form.is_valid():
        user, data = person(request), form.cleaned_data
        act(
            request,
            lambda: services.endorse_topic(user=user, topic=topic, **data),
            _("Your cluster endorses this topic."),
        )
        return redirect(topic)
    context = {
        "topic": topic,
        "form": form,
        "is_change": chosen is not None,
        "crumbs": listing.crumbs(topic, _("Endorse")),
    }
    return render(request, "topics/topic_endorse.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def endorsement_withdraw(request: HttpRequest, slug: str, cluster: str) -> HttpResponse:
    """Ask, then take the cluster's voice back."""
    topic, clusters = access.get_topic_for_endorse(request.user, slug)
    mine = get_object_or_404(Cluster, pk__in=[one.pk for one in clusters], slug=cluster)
    if request.method == "POST":
        act(
            request,
            lambda: services.withdraw_endorsement(user=person(request), topic=topic, cluster=mine),
            _("The endorsement is taken back."),
        )
        return redirect(topic)
    context = {
        "title": _("Take the endorsement back?"),
        "text": _("%(cluster)s no longer stands behind “%(topic)s”. You can endorse it again.")
        % {"cluster": mine, "topic": topic},
        "submit_label": _("Take back"),
        "cancel_url": topic.get_absolute_url(),
    }
    return render(request, "components/confirm.html", context)


@login_required
@require_POST
def topic_follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow a topic, or stop following it with ``follow=0``."""
    topic = access.get_topic_for_follow(request.user, slug)
    follows = request.POST.get("follow") != "0"
    verb = services.follow_topic if follows else services.unfollow_topic
    verb(user=person(request), topic=topic)
    if wants_partial(request):
        context = {"topic": topic, "follows": follows, "is_answer": True}
        return render(request, "topics/partials/_follow.html", context)
    return redirect(topic)
