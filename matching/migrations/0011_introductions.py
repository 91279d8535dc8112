import uuid

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clusters", "0003_order_by_folded_name"),
        ("matching", "0010_weights_editor"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DigestSubscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "since",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestion_digest",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Introduction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("cluster", "a cluster asks"),
                            ("staff", "NRW.innovativ proposes"),
                        ],
                        default="cluster",
                        max_length=10,
                        verbose_name="origin",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked"),
                            ("agreed", "both agreed"),
                            ("met", "talk held"),
                            ("closed", "closed"),
                            ("withdrawn", "withdrawn"),
                            ("ended", "no talk came about"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "message",
                    models.TextField(blank=True, verbose_name="why, and what to talk about"),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="asked"
                    ),
                ),
                ("expires_at", models.DateTimeField(verbose_name="answer until")),
                (
                    "extended_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="more time asked for"),
                ),
                (
                    "reminded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="reminded"),
                ),
                (
                    "asker_answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not answered yet"),
                            ("agreed", "agreed"),
                            ("declined", "declined"),
                        ],
                        max_length=10,
                    ),
                ),
                ("asker_answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "partner_answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not answered yet"),
                            ("agreed", "agreed"),
                            ("declined", "declined"),
                        ],
                        max_length=10,
                    ),
                ),
                ("partner_answered_at", models.DateTimeField(blank=True, null=True)),
                ("agreed_at", models.DateTimeField(blank=True, null=True, verbose_name="agreed")),
                ("met_at", models.DateTimeField(blank=True, null=True, verbose_name="talk held")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("nothing", "nothing"),
                            ("talk", "talk held"),
                            ("cooperation", "cooperation"),
                            ("project", "joint project"),
                            ("funding", "funding won together"),
                            ("agreement", "signed agreement"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "follow_up_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="ask what came of it"),
                ),
                ("follow_ups", models.PositiveSmallIntegerField(default=0)),
                ("text_de", models.TextField(blank=True, verbose_name="joint mail in German")),
                ("text_en", models.TextField(blank=True, verbose_name="joint mail in English")),
                (
                    "mailed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="joint mail sent"),
                ),
                ("forgotten_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="introductions_asked",
                        to="clusters.cluster",
                    ),
                ),
                (
                    "asker_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="introductions_received",
                        to="clusters.cluster",
                    ),
                ),
                (
                    "partner_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "introduction",
                "verbose_name_plural": "introductions",
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                (
                    "place",
                    models.CharField(blank=True, max_length=200, verbose_name="place or link"),
                ),
                ("asker_fits", models.BooleanField(null=True)),
                ("partner_fits", models.BooleanField(null=True)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "introduction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appointments",
                        to="matching.introduction",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposed date",
                "verbose_name_plural": "proposed dates",
                "ordering": ("starts_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("nothing", "nothing"),
                            ("talk", "talk held"),
                            ("cooperation", "cooperation"),
                            ("project", "joint project"),
                            ("funding", "funding won together"),
                            ("agreement", "signed agreement"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="recorded",
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="clusters.cluster",
                    ),
                ),
                (
                    "introduction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outcomes",
                        to="matching.introduction",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "outcome",
                "verbose_name_plural": "outcomes",
                "ordering": ("recorded_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="SuggestedPair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField(db_index=True)),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="clusters.cluster",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="clusters.cluster",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DigestEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sent_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="clusters.cluster",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="clusters.cluster",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="matching.digestsubscription",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("subscription"),
                        models.F("cluster"),
                        models.F("partner"),
                        name="digest_entry_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("later", "later"),
                            ("unsuitable", "not suitable"),
                            ("data_wrong", "our data are wrong"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("known", "We know each other already"),
                            ("competitor", "Too close to what we do ourselves"),
                            ("topic", "The topic does not fit"),
                            ("region", "Too far away, or no link to our region"),
                            ("capacity", "No time or no people for it"),
                            ("reasons", "The reasons given are wrong"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                (
                    "text",
                    models.CharField(blank=True, max_length=500, verbose_name="in your words"),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="said"
                    ),
                ),
                ("until", models.DateField(blank=True, null=True, verbose_name="hidden until")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feedback_given",
                        to="clusters.cluster",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="clusters.cluster",
                    ),
                ),
            ],
            options={
                "verbose_name": "feedback",
                "verbose_name_plural": "feedback",
                "ordering": ("-at",),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("cluster"),
                        models.F("partner"),
                        models.F("kind"),
                        name="feedback_once_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cluster", models.F("partner")), _negated=True),
                        name="feedback_on_another",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="introduction",
            index=models.Index(fields=["state", "expires_at"], name="introduction_due"),
        ),
        migrations.AddIndex(
            model_name="introduction",
            index=models.Index(fields=["asked_at"], name="introduction_asked_at"),
        ),
        migrations.AddConstraint(
            model_name="introduction",
            constraint=models.UniqueConstraint(
                django.db.models.functions.comparison.Least("asker", "partner"),
                django.db.models.functions.comparison.Greatest("asker", "partner"),
                condition=models.Q(("state__in", ("asked", "agreed", "met"))),
                name="introduction_open_once_a_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="introduction",
            constraint=models.CheckConstraint(
                condition=models.Q(("asker", models.F("partner")), _negated=True),
                name="introduction_of_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(
                models.F("introduction"), models.F("starts_at"), name="appointment_once_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="appointment_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.UniqueConstraint(
                models.F("introduction"), models.F("kind"), name="outcome_once_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestedpair",
            constraint=models.UniqueConstraint(
                models.F("first"), models.F("second"), name="suggested_pair_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestedpair",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))),
                name="suggested_pair_in_order",
            ),
        ),
    ]
