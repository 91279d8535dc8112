"""Public pages: the list of topics and the topic itself."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.http import render_page
from topics import access, listing
from topics.choices import TopicStatus
from topics.filters import TopicFilter
from topics.models import Topic

PAGE_SIZE = 20


@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    """Show the published topics, those in focus first; members see their proposals above."""
    published = Topic.objects.published()
    filters = TopicFilter(request.GET, queryset=published, request=request)
    rows = filters.qs.with_card_data(request.user).in_order()
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    topics = list(page)
    context: dict[str, object] = {
        "filter": filters,
        "chips": listing.chips(filters, request.GET),
        "page_obj": page,
        "focus": [topic for topic in topics if topic.status == TopicStatus.FOCUS],
        "others": [topic for topic in topics if topic.status != TopicStatus.FOCUS],
        "proposals": Topic.objects.proposals_of(request.user).in_order(),
        "waiting": Topic.objects.waiting().count() if request.user.is_staff else 0,
        "may_propose": bool(access.managed_clusters(request.user)),
        "crumbs": [(_("Topics"), "")],
    }
    return render_page(request, "topics/topic_list.html", "topics/partials/_answer.html", context)


@require_safe
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one topic: why, what is wanted, who stands behind it, what happens next."""
    user = request.user
    topic = access.get_topic(user, slug)
    clusters = access.managed_clusters(user)
    endorsements = topic.endorsements.visible_to(user).select_related("cluster")
    context = {
        "topic": topic,
        "endorsements": endorsements.order_by("-mid_term", "-short_term", "cluster__name"),
        "action_items": topic.action_items.select_related("owner"),
        "follows": user.is_authenticated and topic.follows.filter(user=user).exists(),
        "may_endorse": topic.is_endorsable and bool(clusters),
        "given": [e for e in endorsements if e.cluster in clusters] if clusters else [],
        "may_edit": access.can_edit(user, topic),
        "may_withdraw": access.can_withdraw(user, topic),
        "may_review": user.is_staff,
        "crumbs": listing.crumbs(topic),
    }
    return render(request, "topics/topic_detail.html", context)
