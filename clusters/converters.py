"""Parts of addresses."""

from clusters.choices import ChangeTarget


class StatementKindConverter:
    """``need`` or ``offer``."""

    regex = f"{ChangeTarget.NEED.value}|{ChangeTarget.OFFER.value}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)
