"""Forms several people may have open at once."""

from typing import Any

from django import forms


class VersionedForm(forms.Form):
    """Carries along what the entry was when the form was opened."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def renew(self, version: str) -> None:
        """Take note of what stands there now: the next save replaces it knowingly."""
        data: Any = self.data
        self.data = data.copy()
        self.data["version"] = version  # type: ignore[index]
