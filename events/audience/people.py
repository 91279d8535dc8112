"""From the choice to people: each address once, and why somebody is left out."""

from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from clusters.choices import Role
from clusters.models import Cluster, LabelAward, Membership
from core.choices import MailKind
from core.mail.optout import opted_out
from core.models import AddressState
from events.audience.choice import Audience, Blocked, EventGroup, Recipient, Resolved
from events.audience.entries import parse_addresses
from events.choices import RegistrationState
from events.models import Event, Invitation, Registration
from events.portions import portions
from events.querysets.registration import TAKING_A_PLACE
from topics.models import Endorsement, TopicFollow

_AT_ONCE = 5000
_ANSWERS = {
    EventGroup.YES: "yes",
    EventGroup.MAYBE: "maybe",
    EventGroup.NO: "no",
    EventGroup.COLLEAGUE: "colleague",
    EventGroup.NONE: "",
}
_THERE = Q(state=RegistrationState.ATTENDED) | Q(checked_in_at__isnull=False)


def chosen_clusters(audience: Audience) -> QuerySet[Cluster]:
    """Return the clusters the marks and the single choices name."""
    single: QuerySet[Cluster] = Cluster.objects.published().filter(slug__in=audience.clusters)
    marked = Cluster.objects.published()
    if audience.fields:
        marked = marked.filter(innovation_fields__code__in=audience.fields)
    if audience.districts:
        marked = marked.filter(district__code__in=audience.districts)
    if audience.kinds:
        marked = marked.filter(kind__in=audience.kinds)
    if audience.labels:
        labels = LabelAward.objects.valid().filter(level__in=audience.labels)
        marked = marked.filter(pk__in=labels.values("cluster"))
    if audience.endorsed:
        voices = Endorsement.objects.filter(topic__slug__in=audience.endorsed)
        marked = marked.filter(pk__in=voices.values("cluster"))
    marks = (audience.fields, audience.districts, audience.kinds, audience.labels)
    if not any(marks) and not audience.endorsed:
        return single
    chosen: QuerySet[Cluster] = Cluster.objects.filter(
        Q(pk__in=marked.values("pk")) | Q(pk__in=single.values("pk"))
    )
    return chosen


def _members(audience: Audience, clusters: QuerySet[Cluster]) -> list[Recipient]:
    memberships = Membership.objects.active().filter(cluster__in=clusters, user__is_active=True)
    if audience.managers_only:
        memberships = memberships.filter(role=Role.MANAGER)
    return [
        Recipient(
            m.user.email, m.user.name, m.user.language, m.user_id, m.cluster_id, m.cluster.name
        )
        for m in memberships.select_related("user", "cluster").order_by("cluster__name", "pk")
    ]


def _followers(topics: tuple[str, ...]) -> Iterator[Recipient]:
    if not topics:
        return
    follows = TopicFollow.objects.filter(topic__slug__in=topics, user__is_active=True)
    for follow in follows.select_related("user").order_by("pk"):
        user = follow.user
        yield Recipient(user.email, user.name, user.language, user.pk)


def _guests(audience: Audience) -> Iterator[Recipient]:
    """Yield people of another event by attendance and by answer."""
    groups = set(audience.event_groups)
    if not audience.event or not groups:
        return
    there = Registration.objects.filter(event__slug=audience.event, is_example=False)
    wanted = Q(pk__in=())
    if EventGroup.ATTENDED in groups:
        wanted |= _THERE
    if EventGroup.MISSED in groups:
        wanted |= Q(state__in=TAKING_A_PLACE) & ~_THERE
    if EventGroup.WAITING in groups:
        wanted |= Q(state=RegistrationState.WAITING)
    answers = [answer for group, answer in _ANSWERS.items() if group in groups]
    invited = Invitation.objects.filter(
        event__slug=audience.event, is_example=False, answer__in=answers
    )
    columns = ("email", "name", "language", "user_id", "cluster_id", "cluster__name")
    for rows in (there.filter(wanted), invited):
        people = rows.exclude(email="").order_by("pk").values_list(*columns)
        for email, name, language, user, cluster, cluster_name in people.iterator(_AT_ONCE):
            yield Recipient(email, name, language, user, cluster, cluster_name or "")


def _with_accounts(listed: Iterable[Recipient]) -> Iterator[Recipient]:
    """Give addresses that belong to an account its language, and its name where none is given."""
    users = User.objects.annotate(key=Lower("email")).filter(is_active=True)
    for some in portions(listed, _AT_ONCE):
        keys = {recipient.email.lower() for recipient in some}
        columns = ("key", "email", "name", "language", "pk")
        known = {key: user for key, *user in users.filter(key__in=keys).values_list(*columns)}
        for recipient in some:
            if user := known.get(recipient.email.lower()):
                email, name, language, pk = user
                yield Recipient(email, recipient.name or name, language, pk)
            else:
                yield recipient


def events_with_people() -> QuerySet[Event]:
    """Return the events somebody was invited or registered to, the latest first."""
    mine = {"event": OuterRef("pk"), "is_example": False}
    some = Exists(Invitation.objects.filter(**mine)) | Exists(Registration.objects.filter(**mine))
    return Event.objects.filter(some).order_by("-starts_at", "-id")


def blocked_addresses() -> dict[str, str]:
    """Return the addresses mails came back from, in lower case, with what their server said."""
    states = AddressState.objects.filter(is_blocked=True)
    rows = states.values_list(Lower("address"), "status", "reason")
    return {address: f"{status} {reason}".strip() for address, status, reason in rows}


def resolve(event: Event, audience: Audience) -> Resolved:
    """Work out who would be invited to ``event``; changes nothing."""
    result = Resolved()
    clusters = chosen_clusters(audience)
    members = _members(audience, clusters)
    listed, result.malformed = parse_addresses(audience.addresses, audience.language)
    if audience.upload:
        listed += audience.upload.recipients
        result.malformed += audience.upload.malformed
    reached = {recipient.cluster_id for recipient in members}
    result.without_people = [c.name for c in clusters.order_by("name") if c.pk not in reached]
    once: dict[str, Recipient] = {}
    for group in (
        members,
        _followers(audience.followed),
        _guests(audience),
        _with_accounts(listed),
    ):
        for recipient in group:
            if once.setdefault(recipient.email.lower(), recipient) is not recipient:
                result.repeated += 1
    _sort(event, once, result)
    return result


def _sort(event: Event, once: dict[str, Recipient], result: Resolved) -> None:
    """Put each address where it belongs: invited, refused, blocked or to be invited."""
    invited = set(Invitation.objects.filter(event=event).values_list(Lower("email"), flat=True))
    refused: set[str] = set()
    for some in portions(once, _AT_ONCE):
        refused |= opted_out(some, MailKind.INVITATION)
    blocked = blocked_addresses()
    for key, recipient in once.items():
        if key in invited:
            result.already_invited.append(recipient)
        elif key in refused:
            result.opted_out.append(recipient)
        elif key in blocked:
            result.blocked.append(Blocked(recipient, blocked[key]))
        else:
            result.recipients.append(recipient)
