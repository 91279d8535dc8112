"""Routes of the API, version 1."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from clusters.api import views as clusters
from dialog import api_docs
from events.api import views as events
from matching.api import introductions, suggestions
from topics.api import views as topics

app_name = "api"


class Router(DefaultRouter):
    """Names no formats in addresses; its root lists the resources."""

    include_format_suffixes = False
    APIRootView = api_docs.Root


router = Router()
router.register("clusters", clusters.ClusterViewSet, "cluster")
router.register("needs", clusters.NeedViewSet, "need")
router.register("offers", clusters.OfferViewSet, "offer")
router.register("changes", clusters.ChangeViewSet, "change")
router.register("innovation-fields", clusters.InnovationFieldViewSet, "innovation-field")
router.register("districts", clusters.DistrictViewSet, "district")
router.register("terms", clusters.TermViewSet, "term")

router.register("topics", topics.TopicViewSet, "topic")
router.register("events", events.EventViewSet, "event")
router.register("sessions", events.SessionViewSet, "session")
router.register("questions", events.QuestionViewSet, "question")
router.register("registrations", events.RegistrationViewSet, "registration")
router.register("invitations", events.InvitationViewSet, "invitation")
router.register("minutes", events.MinutesItemViewSet, "minutes-item")
router.register("suggestions", suggestions.SuggestionViewSet, "suggestion")

router.register("introductions", introductions.IntroductionViewSet, "introduction")
router.register("suggestion-feedback", introductions.FeedbackViewSet, "feedback")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", api_docs.docs, name="docs"),
    *router.urls,
    re_path("", api_docs.nowhere, name="nowhere"),
]
