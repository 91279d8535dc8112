"""Innovation fields, districts and the controlled vocabulary."""

from collections.abc import Iterable
from typing import Any

from clusters.choices import TermKind
from clusters.models import District, InnovationField, Term
from clusters.nrw.files import evidence, read, text
from core.imports import Import, Record, save_row

TECHNOLOGY_GROUPS = {"technology", "cross_cutting_technology"}


def load_taxonomy(run: Import) -> None:
    """Load fields, districts and terms; terms after the fields they belong to."""
    _load_fields(run)
    _load_districts(run)
    _load_terms(run)


def _load_fields(run: Import) -> None:
    for record in read("fields")["fields"]:

        def write(pk: int | None, record: Record = record) -> InnovationField:
            return save_row(
                InnovationField,
                pk,
                natural_key={"code": record["id"]},
                number=record["number"],
                summary_de=record["short_de"],
                summary_en=record["short_en"],
                is_cross_cutting=record["type"] == "cross_cutting",
                sources=evidence(record, {"short": "summary", "seed_clusters": "clusters"}),
                **text(record, "name"),
                **text(record, "note"),
            )

        run.put("field", record["id"], record, write)


def _load_districts(run: Import) -> None:
    for record in read("fields")["districts"]:

        def write(pk: int | None, record: Record = record) -> District:
            return save_row(
                District,
                pk,
                natural_key={"code": record["id"]},
                nuts=record["nuts2"],
                short_name_de=record["name_de"].removeprefix("Regierungsbezirk "),
                short_name_en=record["name_en"].removesuffix(" administrative district"),
                **text(record, "name"),
            )

        run.put("district", record["id"], record, write)


def _load_terms(run: Import) -> None:
    fields = run.ids("field")
    for kind, code, values, field_codes in _terms():

        def write(
            pk: int | None,
            kind: str = kind,
            code: str = code,
            values: dict[str, Any] = values,
            field_codes: Iterable[str] = field_codes,
        ) -> Term:
            term = save_row(Term, pk, natural_key={"kind": kind, "code": code}, **values)
            term.innovation_fields.set([fields[field] for field in field_codes])
            return term

        run.put("term", f"{kind}/{code}", [values, field_codes], write)


def _terms() -> Iterable[tuple[str, str, dict[str, Any], list[str]]]:
    """Yield kind, code, values and fields of every term."""
    vocabularies = read("fields")
    plain = (
        (TermKind.SECTOR, "nace_sections", "code"),
        (TermKind.ECOSYSTEM, "ecosystems", "id"),
        (TermKind.STAGE, "value_chain_stages", "id"),
    )
    synonyms = read("synonyms")["synonyms"]
    for vocabulary, name, key in plain:
        for position, record in enumerate(vocabularies[name], start=1):
            values = {
                **_label(record),
                "position": position,
                "sources": {"label_de": [record["source"]]},
            }
            yield vocabulary, record[key], values, []
    for record in read("topics")["topics"]:
        groups = set(record["groups"])
        kind = _kind(groups)
        values = {
            **_label(record),
            **text(record, "description"),
            "synonyms": synonyms.get(record["id"], []),
            "is_cross_cutting": "cross_cutting_technology" in groups,
            "group": record["type"] if kind == TermKind.THEME else "",
            "sources": evidence(record, {"name": "label", "fields": "innovation_fields"}),
        }
        yield kind, record["id"], values, record["fields"]


def _kind(groups: set[str]) -> str:
    if groups & TECHNOLOGY_GROUPS:
        return TermKind.TECHNOLOGY
    return TermKind.SERVICE if "cluster_service" in groups else TermKind.THEME


def _label(record: Record) -> dict[str, str]:
    return {"label_de": record["name_de"], "label_en": record["name_en"]}
