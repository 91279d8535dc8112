from django.urls import URLPattern, path, register_converter

from clusters.converters import StatementKindConverter
from clusters.views import (
    application,
    application_review,
    contact,
    directory,
    documents,
    editing,
    members,
    moderation,
    profile,
    statements,
)

register_converter(StatementKindConverter, "statement")

app_name = "clusters"

_visitors = [
    path("clusters/", directory.cluster_list, name="cluster-list"),
    path("clusters.csv", directory.cluster_csv, name="cluster-csv"),
    path("clusters/apply/", application.application_create, name="application-create"),
    path("clusters/apply/sent/", application.application_sent, name="application-sent"),
    path("clusters/apply/<str:token>/", application.application_edit, name="application-edit"),
    path("clusters/<slug:slug>/", profile.cluster_detail, name="cluster-detail"),
    path("clusters/<slug:slug>/logo/", profile.cluster_logo, name="cluster-logo"),
    path(
        "clusters/<slug:slug>/documents/<int:pk>/",
        profile.cluster_document,
        name="cluster-document",
    ),
    path("clusters/<slug:slug>/contact/", contact.cluster_contact, name="cluster-contact"),
    path(
        "clusters/<slug:slug>/contact/sent/",
        contact.cluster_contact_sent,
        name="cluster-contact-sent",
    ),
]

_managers = [
    path("my/clusters/", editing.my_clusters, name="my-clusters"),
    path("clusters/<slug:slug>/edit/", editing.cluster_edit, name="cluster-edit"),
    path("clusters/<slug:slug>/edit/preview/", editing.cluster_preview, name="cluster-preview"),
    path(
        "clusters/<slug:slug>/changes/<int:pk>/edit/",
        statements.statement_draft,
        name="statement-draft",
    ),
    path(
        "clusters/<slug:slug>/changes/<int:pk>/submit/",
        editing.change_submit,
        name="change-submit",
    ),
    path(
        "clusters/<slug:slug>/changes/<int:pk>/withdraw/",
        editing.change_withdraw,
        name="change-withdraw",
    ),
    path(
        "clusters/<slug:slug>/changes/<int:pk>/discard/",
        editing.change_discard,
        name="change-discard",
    ),
    path("clusters/<slug:slug>/changes/<int:pk>/logo/", editing.change_logo, name="change-logo"),
    path("clusters/<slug:slug>/statements/", statements.statement_list, name="statement-list"),
    path(
        "clusters/<slug:slug>/statements/<statement:kind>/new/",
        statements.statement_create,
        name="statement-create",
    ),
    path(
        "clusters/<slug:slug>/statements/<statement:kind>/<int:pk>/edit/",
        statements.statement_edit,
        name="statement-edit",
    ),
    path(
        "clusters/<slug:slug>/statements/<statement:kind>/<int:pk>/archive/",
        statements.statement_archive,
        name="statement-archive",
    ),
    path(
        "clusters/<slug:slug>/statements/<statement:kind>/<int:pk>/restore/",
        statements.statement_restore,
        name="statement-restore",
    ),
    path(
        "clusters/<slug:slug>/statements/<statement:kind>/<int:pk>/extend/",
        statements.statement_extend,
        name="statement-extend",
    ),
    path("clusters/<slug:slug>/members/", members.member_list, name="member-list"),
    path("clusters/<slug:slug>/members/<int:pk>/role/", members.member_role, name="member-role"),
    path(
        "clusters/<slug:slug>/members/<int:pk>/hand-over/",
        members.member_hand_over,
        name="member-hand-over",
    ),
    path("clusters/<slug:slug>/members/<int:pk>/end/", members.member_end, name="member-end"),
    path(
        "clusters/<slug:slug>/members/invitations/<int:pk>/resend/",
        members.invitation_resend,
        name="member-invitation-resend",
    ),
    path(
        "clusters/<slug:slug>/members/invitations/<int:pk>/revoke/",
        members.invitation_revoke,
        name="member-invitation-revoke",
    ),
    path(
        "invitations/membership/<str:token>/",
        members.invitation_accept,
        name="member-invitation-accept",
    ),
    path("clusters/<slug:slug>/documents/", documents.document_list, name="document-list"),
    path(
        "clusters/<slug:slug>/documents/<int:pk>/delete/",
        documents.document_delete,
        name="document-delete",
    ),
]
_staff = [
    path(
        "moderation/applications/<int:pk>/",
        application_review.application_review,
        name="application-review",
    ),
    *(
        path(
            f"moderation/applications/<int:pk>/{verb}/",
            door,
            name=f"application-{verb}",
        )
        for verb, door in (
            ("accept", application_review.application_accept),
            ("return", application_review.application_return),
            ("decline", application_review.application_decline),
        )
    ),
    path("moderation/changes/<int:pk>/", moderation.change_review, name="change-review"),
    path("moderation/changes/<int:pk>/accept/", moderation.change_accept, name="change-accept"),
    path("moderation/changes/<int:pk>/return/", moderation.change_return, name="change-return"),
    path("moderation/changes/<int:pk>/decline/", moderation.change_decline, name="change-decline"),
    *(
        path(
            f"clusters/<slug:slug>/{verb}/",
            moderation.cluster_publication,
            {"verb": verb},
            name=f"cluster-{verb}",
        )
        for verb in ("publish", "unpublish", "archive")
    ),
]
urlpatterns: list[URLPattern] = [*_visitors, *_managers, *_staff]
