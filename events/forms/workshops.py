"""Ranking workshops, and moving people by hand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.workshops import Offer, Workshop, joined
from events.workshops.board import Board, Guest, rank_label


class WishesForm(forms.Form):
    """One rank a workshop; ranks may have gaps, they are closed."""

    def __init__(self, *args: Any, offer: Offer, wishes: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer
        ranks = {key: str(rank) for rank, key in enumerate(wishes, start=1)}
        choices = [("", _("no wish"))] + [
            (str(rank), _("wish %(rank)d") % {"rank": rank})
            for rank in range(1, len(offer.workshops) + 1)
        ]
        for key, workshop in offer.workshops.items():
            self.fields[f"rank_{key}"] = forms.ChoiceField(
                label=workshop.title,
                choices=choices,
                required=False,
                initial=ranks.get(key, ""),
                error_messages={"invalid_choice": gettext_lazy("Please choose one of the ranks.")},
            )

    def rows(self) -> list[tuple[Workshop, BoundField]]:
        """Return workshops with their fields: wishes first, in order, then the programme's."""

        def place(row: tuple[Workshop, BoundField]) -> int:
            value = str(row[1].value() or "")
            return int(value) if value.isdigit() else 999

        rows = [(one, self[f"rank_{key}"]) for key, one in self.offer.workshops.items()]
        return sorted(rows, key=place)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        by_rank: defaultdict[str, list[str]] = defaultdict(list)
        for key in self.offer.workshops:
            if rank := cleaned.get(f"rank_{key}"):
                by_rank[rank].append(key)
        for rank, keys in sorted(by_rank.items()):
            if len(keys) > 1:
                self.add_error(
                    f"rank_{keys[1]}",
                    _("%(workshops)s have the same rank %(rank)s. Please give each its own.")
                    % {"workshops": joined([self.offer.title(k) for k in keys]), "rank": rank},
                )
        return cleaned

    def ordered(self) -> list[str]:
        """Return the keys of the workshops wished for, best first."""
        ranks = {
            key: int(rank)
            for key in self.offer.workshops
            if (rank := self.cleaned_data.get(f"rank_{key}"))
        }
        return sorted(ranks, key=lambda key: ranks[key])


class PlacesForm(forms.Form):
    """Where one person goes in each run; for full workshops, with whom they swap."""

    def __init__(self, *args: Any, board: Board, guest: Guest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.board, self.guest = board, guest
        for run, rooms in board.rooms.items():
            seat = guest.seats.get(run)
            choices = [("", _("no place"))] if seat is None else []
            self.fields[f"run_{run}"] = forms.ChoiceField(
                label=_("Run %(run)d") % {"run": run},
                choices=choices + [(str(room.session.pk), self._label(room)) for room in rooms],
                required=seat is not None,
                initial=str(seat.session.pk) if seat else "",
            )
            self._add_swap(run, seat.session.pk if seat else None)

    def _label(self, room: Any) -> str:
        key, wishes = room.session.workshop_key, self.guest.wishes
        rank = wishes.index(key) + 1 if key in wishes else None
        words = [rank_label(rank, has_wishes=bool(wishes))]
        if room.session.capacity is not None:
            free = room.session.capacity - len(room.seats)
            words.append(_("%(free)d free") % {"free": free} if free > 0 else _("full"))
        return f"{room.session.title} ({', '.join(words)})"

    def _add_swap(self, run: int, current: int | None) -> None:
        """Ask with whom to swap where the chosen workshop is full."""
        chosen = self.data.get(f"run_{run}", "") if self.is_bound else ""
        room = next((r for r in self.board.rooms[run] if str(r.session.pk) == chosen), None)
        if room is None or room.session.pk == current or room.session.capacity is None:
            return
        if current is None or len(room.seats) < room.session.capacity:
            return
        others = [(str(s.person.pk), self._swap_label(s.person, current)) for s in room.seats]
        self.fields[f"swap_{run}"] = forms.ChoiceField(
            label=_("Swap in run %(run)d with") % {"run": run},
            choices=[("", _("nobody")), *others],
            required=False,
            help_text=_("The workshop is full. Whoever you choose gets the former place."),
        )

    def _swap_label(self, other: Guest, current: int) -> str:
        key = self.board.offer.by_id[current].workshop_key
        rank = other.wishes.index(key) + 1 if key in other.wishes else None
        return f"{other.name} ({rank_label(rank, has_wishes=bool(other.wishes))})"

    def sessions(self) -> list[Any]:
        """Return the chosen sessions."""
        chosen: Iterable[str] = (
            self.cleaned_data.get(f"run_{run}", "") for run in self.board.rooms
        )
        return [self.board.offer.by_id[int(pk)] for pk in chosen if pk]

    def swaps(self) -> dict[int, int]:
        """Return the registration that leaves each full session."""
        return {
            int(self.cleaned_data[f"run_{run}"]): int(other)
            for run in self.board.rooms
            if (other := self.cleaned_data.get(f"swap_{run}"))
        }
