from django.urls import URLPattern, path

from matching.views import office, pairs, rounds, weights

urlpatterns: list[URLPattern] = [
    path("matching/", office.office, name="office"),
    path("matching/exposure/", office.exposure_list, name="exposure"),
    path("matching/exposure/table/", office.exposure_table, name="exposure-table"),
    path("matching/matrix/", office.matrix, name="matrix"),
    path("matching/untried/", office.untried_list, name="untried"),
    path("matching/rounds/", rounds.round_list, name="round-list"),
    path("matching/rounds/run/", rounds.round_run, name="round-run"),
    path("matching/rounds/compare/", rounds.round_compare, name="round-compare"),
    path("matching/pair/", pairs.pair_explain, name="pair-explain"),
    path("matching/weights/", weights.weights_overview, name="weights"),
    path("matching/weights/drafts/new/", weights.draft_create, name="weights-draft-create"),
    path("matching/weights/drafts/<int:pk>/", weights.weights_draft, name="weights-draft"),
    path(
        "matching/weights/drafts/<int:pk>/effect/",
        weights.draft_effect,
        name="weights-draft-effect",
    ),
    path(
        "matching/weights/drafts/<int:pk>/publish/",
        weights.draft_publish,
        name="weights-draft-publish",
    ),
    path(
        "matching/weights/drafts/<int:pk>/rebase/",
        weights.draft_rebase,
        name="weights-draft-rebase",
    ),
    path(
        "matching/weights/drafts/<int:pk>/discard/",
        weights.draft_discard,
        name="weights-draft-discard",
    ),
    path(
        "matching/weights/<int:version>/restore/", weights.weights_restore, name="weights-restore"
    ),
]
