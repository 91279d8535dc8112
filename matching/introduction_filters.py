"""Introductions as staff narrows them."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from matching.models import Introduction


def filtered(form: Any) -> Any:
    """Return the introductions a filter form asks for, the newest first, with both clusters.

    What the form does not understand narrows nothing.
    """
    form.is_valid()
    wanted = form.cleaned_data
    rows = Introduction.objects.select_related("asker", "partner").order_by("-pk")
    for name in ("state", "origin"):
        if wanted.get(name):
            rows = rows.filter(**{name: wanted[name]})
    if words := wanted.get("cluster", "").strip():
        rows = rows.filter(Q(asker__name__icontains=words) | Q(partner__name__icontains=words))
    age = wanted.get("age", "")
    now = timezone.now()
    if age == "older":
        rows = rows.filter(asked_at__lt=now - timedelta(days=30))
    elif age:
        rows = rows.filter(asked_at__gte=now - timedelta(days=int(age)))
    return rows
