"""Introductions and feedback, for programs: the gates and verbs of the pages."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import TokenScopePermission
from accounts.idempotency import PARAMETER, idempotent
from core.api.rows import one_row
from core.api.views import RowViewSet
from matching import access, services
from matching.api.serializers import (
    FeedbackInput,
    FeedbackSerializer,
    IntroductionAnswer,
    IntroductionInput,
    IntroductionSerializer,
)
from matching.choices import FeedbackKind
from matching.models import Feedback, Introduction


class IntroductionViewSet(RowViewSet):
    """Introductions of clusters you manage; staff sees all."""

    serializer_class = IntroductionSerializer
    permission_classes = (TokenScopePermission, IsAuthenticated)
    lookup_field = "pk"
    ordering = ("-pk",)

    @extend_schema(
        request=IntroductionInput,
        responses={201: IntroductionSerializer},
        parameters=[PARAMETER],
    )
    @idempotent
    @transaction.atomic
    def create(self, request: Request) -> Response:
        """Ask another cluster for a talk; where it has asked you, both are introduced."""
        wished = IntroductionInput(data=request.data)
        wished.is_valid(raise_exception=True)
        data = wished.validated_data
        user: Any = request.user
        cluster, other = access.get_pair_for_asking(user, data["asker"], data["partner"])
        made = services.ask_introduction(
            user=user, asker=cluster, partner=other, message=data["message"]
        )
        return self._row(made, 201)

    @extend_schema(
        request=IntroductionAnswer,
        responses={200: IntroductionSerializer},
        parameters=[PARAMETER],
    )
    @action(["post"], detail=True)
    @idempotent
    def answer(self, request: Request, pk: str) -> Response:
        """Agree, decline, or ask for two weeks more."""
        wished = IntroductionAnswer(data=request.data)
        user: Any = request.user
        seat = access.get_seat(user, int(pk))
        wished.is_valid(raise_exception=True)
        said = wished.validated_data
        how = {"user": user, "introduction": seat.introduction, "cluster": seat.cluster}
        if said["answer"] == "more_time":
            services.ask_more_time(**how)
        else:
            agree = said["answer"] == "agree"
            services.answer_introduction(**how, agree=agree, words=said["words"])
        return self._row(seat.introduction, 200)

    @extend_schema(request=None, responses={200: IntroductionSerializer})
    @action(["post"], detail=True)
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take a request of your cluster back."""
        user: Any = request.user
        introduction = access.get_introduction_for_withdrawal(user, int(pk))
        services.withdraw_introduction(user=user, introduction=introduction)
        return self._row(introduction, 200)

    def _row(self, introduction: Introduction, status: int) -> Response:
        rows = Introduction.objects.filter(pk=introduction.pk)
        return Response(one_row(rows, IntroductionSerializer), status)


class FeedbackViewSet(RowViewSet):
    """What clusters you manage have said about suggested partners; staff sees all."""

    serializer_class = FeedbackSerializer
    permission_classes = (TokenScopePermission, IsAuthenticated)
    lookup_field = "pk"
    ordering = ("-pk",)

    def visible(self) -> QuerySet[Any]:
        return Feedback.objects.visible_to(self.request.user)

    @extend_schema(
        request=FeedbackInput, responses={201: FeedbackSerializer}, parameters=[PARAMETER]
    )
    @idempotent
    @transaction.atomic
    def create(self, request: Request) -> Response:
        """Put a suggestion off, or say that it does not fit or rests on wrong data."""
        wished = FeedbackInput(data=request.data)
        wished.is_valid(raise_exception=True)
        data = dict(wished.validated_data)
        user: Any = request.user
        cluster, other = access.get_pair_for_asking(user, data.pop("cluster"), data.pop("partner"))
        kind = FeedbackKind(data.pop("kind"))
        said = services.give_feedback(user=user, cluster=cluster, partner=other, kind=kind, **data)
        return Response(one_row(Feedback.objects.filter(pk=said.pk), FeedbackSerializer), 201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Take everything back that the cluster said about this partner."""
        user: Any = request.user
        said = get_object_or_404(
            Feedback.objects.visible_to(user).select_related("cluster", "partner"), pk=pk
        )
        cluster, other = access.get_pair_for_asking(user, said.cluster.slug, said.partner.slug)
        services.undo_feedback(user=user, cluster=cluster, partner=other)
        return Response(status=204)
