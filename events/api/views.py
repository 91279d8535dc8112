"""Events, their programme, who takes part and what came of it, for programs."""

from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import TokenScopePermission
from accounts.idempotency import PARAMETER, idempotent
from clusters.access import get_cluster_for_edit, get_own_cluster
from core.api.rows import one_row
from core.api.schema import describe_code, describe_codes, describe_days
from core.api.views import SLUG, RowViewSet
from events import access, services
from events.api.serializers import (
    EventSerializer,
    InvitationSerializer,
    MinutesItemSerializer,
    QuestionSerializer,
    RegistrationSerializer,
    SessionSerializer,
)
from events.api.writing import EventProposalInput, RegistrationInput
from events.choices import AnswerSource, RegistrationSource
from events.filters import EventFilter, SessionFilter
from events.models import Event, Question, Registration, Session
from events.record_filters import (
    InvitationFilter,
    MinutesItemFilter,
    QuestionFilter,
    RegistrationFilter,
)

describe_codes(EventFilter, field="Codes of innovation fields.", district="Codes of districts.")
describe_code(EventFilter, topic="Slug of a published topic.")
describe_days(
    EventFilter,
    starts_after="First day, such as 2027-01-31.",
    starts_before="Last day, such as 2027-12-31.",
)


class EventViewSet(RowViewSet):
    """Events of the dialogue. Links for taking part online are not public."""

    serializer_class = EventSerializer
    filterset_class = EventFilter
    lookup_field = "slug"
    lookup_value_regex = SLUG
    ordering = ("starts_at", "pk")
    time_dependent: ClassVar[frozenset[str]] = frozenset({"when", "phase"})

    @extend_schema(
        request=EventProposalInput, responses={201: EventSerializer}, parameters=[PARAMETER]
    )
    @idempotent
    @transaction.atomic
    def create(self, request: Request) -> Response:
        """Propose an event in the name of a cluster; staff decides about it."""
        wished = EventProposalInput(data=request.data)
        wished.is_valid(raise_exception=True)
        cluster = get_cluster_for_edit(request.user, wished.validated_data["cluster"])
        user: Any = request.user
        fields = wished.validated_data.get("innovation_fields", [])
        event = services.propose_event(
            user=user,
            event=wished.event(),
            cluster=cluster,
            relations={"innovation_fields": fields},
        )
        return Response(one_row(Event.objects.filter(pk=event.pk), EventSerializer), 201)


class SessionViewSet(RowViewSet):
    """Plenary parts, parallel workshops and breaks of the events the reader may see."""

    serializer_class = SessionSerializer
    filterset_class = SessionFilter
    ordering = ("event_id", "position", "pk")

    def visible(self) -> QuerySet[Any]:
        return Session.objects.filter(event__in=Event.objects.visible_to(self.request.user))


class QuestionViewSet(RowViewSet):
    """What the events you may see ask those who register."""

    serializer_class = QuestionSerializer
    filterset_class = QuestionFilter
    permission_classes = (TokenScopePermission, IsAuthenticated)
    ordering = ("event_id", "stage", "position", "pk")

    def visible(self) -> QuerySet[Any]:
        return Question.objects.filter(event__in=Event.objects.visible_to(self.request.user))


class RegistrationViewSet(RowViewSet):
    """Registrations: your own, or all for staff."""

    serializer_class = RegistrationSerializer
    filterset_class = RegistrationFilter
    permission_classes = (TokenScopePermission, IsAuthenticated)
    ordering = ("-created_at", "-pk")

    @extend_schema(
        request=RegistrationInput, responses={201: RegistrationSerializer}, parameters=[PARAMETER]
    )
    @idempotent
    @transaction.atomic
    def create(self, request: Request) -> Response:
        """Register yourself: with a place, on the waiting list, or to be approved."""
        wished = RegistrationInput(data=request.data)
        wished.is_valid(raise_exception=True)
        user: Any = request.user
        data = wished.validated_data
        event = access.get_event_for_registering(user, data["event"])
        registration = services.register(
            user=user,
            event=event,
            cluster=get_own_cluster(user, data["cluster"]) if data.get("cluster") else None,
            details=wished.details(services.questions_for(event, None)),
            source=RegistrationSource.API,
        )
        row = one_row(Registration.objects.filter(pk=registration.pk), RegistrationSerializer)
        return Response(row, 201)

    @extend_schema(responses={204: None})
    @transaction.atomic
    def destroy(self, request: Request, pk: str) -> Response:
        """Withdraw: the row stays, as cancelled, and the place goes to the next person."""
        user: Any = request.user
        registration = access.get_own_registration(user, int(pk))
        services.withdraw(registration=registration, user=user, source=AnswerSource.PORTAL)
        return Response(status=204)


class InvitationViewSet(RowViewSet):
    """Invitations with their delivery and answer, for staff; others find none."""

    serializer_class = InvitationSerializer
    filterset_class = InvitationFilter
    permission_classes = (TokenScopePermission, IsAuthenticated)
    ordering = ("-created_at", "-pk")


class MinutesItemViewSet(RowViewSet):
    """Decisions, actions and notes of published minutes, by who may read them."""

    serializer_class = MinutesItemSerializer
    filterset_class = MinutesItemFilter
    ordering = ("event_id", "position", "pk")
