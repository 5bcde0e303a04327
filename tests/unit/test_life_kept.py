"""Every table that holds something of somebody's: it goes with the purge, or it is written down why not."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps

from casier.directory.models import Account
from casier.life.purging import ERASED, KEPT


def _whose() -> Iterator[tuple[str, str]]:
    """Each table that says whose its rows are, with the field that says so."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is Account:
                yield model._meta.label, field.name


def test_nothing_is_forgotten() -> None:
    found = {label for label, _field in _whose()}
    assert found == set(ERASED) | set(KEPT)


def test_what_goes_is_named_by_every_field() -> None:
    for label, fields in ERASED.items():
        assert set(fields) <= {field for one, field in _whose() if one == label}


def test_nothing_both_goes_and_stays() -> None:
    assert not set(ERASED) & set(KEPT)
