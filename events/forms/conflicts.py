"""Two people edited the same event: what each of them says."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from events.forms.planning import EventForm
from events.forms.programme import Programme, SessionForm
from events.models import Event


@dataclass(frozen=True)
class Clash:
    """One field that is stored otherwise than this person entered it."""

    label: str
    theirs: str
    yours: str


def _choices(field: Any) -> list[tuple[Any, Any]]:
    return list(field.choices)


def _shown(bound: forms.BoundField) -> str:
    """Return a field's value in words, the same for what is stored and what was sent."""
    value: Any = bound.value()
    field: Any = bound.field
    if isinstance(field, forms.BooleanField):
        return str(_("yes")) if field.to_python(value) else str(_("no"))
    if isinstance(field, (forms.ModelMultipleChoiceField, forms.ModelChoiceField)):
        several = value if isinstance(value, (list, tuple)) else [value]
        wanted = {str(getattr(one, "pk", one)) for one in several if one not in (None, "")}
        names = [str(label) for key, label in _choices(field) if str(key) in wanted]
        return ", ".join(names)
    if isinstance(field, forms.ChoiceField):
        return str(dict(_choices(field)).get(value, value or ""))
    text = field.widget.format_value(value)
    return "\n".join(line.rstrip() for line in str(text or "").strip().splitlines())


def _is_stored(theirs: Any, yours: Any, name: str) -> bool:
    """Tell whether what was entered, once cleaned, is what is stored."""
    cleaned = getattr(yours, "cleaned_data", {})
    missing = object()
    return bool(cleaned.get(name, missing) == getattr(theirs.instance, name, None))


def _between(label: str, theirs: forms.BaseForm, yours: forms.BaseForm) -> list[Clash]:
    found = []
    for name in yours.fields:
        bound = yours[name]
        if bound.is_hidden or name not in theirs.fields or name == "DELETE":
            continue
        if _is_stored(theirs, yours, name):
            continue
        stored, entered = _shown(theirs[name]), _shown(bound)
        if stored != entered:
            text = f"{label}: {bound.label}" if label else str(bound.label)
            found.append(Clash(text, stored, entered))
    return found


def clashes(form: EventForm, programme: Programme, event: Event) -> list[Clash]:
    """Return where the stored ``event`` differs from what was entered."""
    options: dict[str, Any] = {}
    if "cluster" in form.fields:
        options["clusters"] = form.fields["cluster"].queryset  # type: ignore[attr-defined]
        options["initial"] = {"cluster": event.proposed_by_id}
    found = _between("", type(form)(instance=event, **options), form)
    entered = {row.instance.pk: row for row in programme if row.instance.pk}
    for session in event.sessions.all():
        row = entered.get(session.pk)
        if row is None:
            found.append(Clash(session.title, _("new in the programme"), "–"))
        elif row.is_removed:
            found.append(Clash(session.title, _("still in the programme"), _("removed")))
        else:
            found += _between(session.title, SessionForm(instance=session), row)
    for row in programme.kept():
        sent = str(programme.data.get(f"{row.prefix}-id", "")) if programme.data else ""
        if sent and row.instance.pk is None:
            title = str(row["title_de"].value() or "")
            found.append(Clash(title, _("removed"), _("still in the programme")))
    return found


def take_over_version(form: EventForm, event: Event) -> None:
    """Let the form be saved on top of ``event`` as it is now: the person has seen it."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    data[form.add_prefix("version")] = event.updated_at.isoformat()
    form.data = data
