"""The four shipped policies are what the table says; contradictions are refused with their reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from casier.audit.api import Actor
from casier.audit.models import JournalEntry, OutboxEvent
from casier.directory.models import Academy
from casier.policies.api import adopt, differences, parse_values, policy_for, remembering
from casier.policies.checking import contradictions
from casier.policies.deviations import deviations
from casier.policies.models import PolicyRevision
from casier.policies.policy import Policy
from casier.policies.shipped import ACADEMIES, SHIPPED, BadPolicy, UnknownPolicySet, parse_toml, shipped

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
ME = Actor.operator("test")


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_sets_hold_together(name: str) -> None:
    assert contradictions(shipped(name)) == []


@pytest.mark.parametrize(
    ("name", "idle", "megabytes", "attempts", "lock_minutes"),
    [
        ("normandie", 20, 25, 3, 0),
        ("rouen", 30, 100, 5, 15),
        ("nancy-metz", 30, 25, 3, 15),
        ("amiens", 30, 25, 5, 15),
    ],
)
def test_the_table(name: str, idle: int, megabytes: int, attempts: int, lock_minutes: int) -> None:
    policy = shipped(name)
    assert policy.sessions.idle_minutes == idle
    assert policy.mail.attachment_bytes == megabytes * 1_000_000
    assert (policy.lock.attempts, policy.lock.minutes) == (attempts, lock_minutes)
    assert (policy.sessions.absolute_hours, policy.mail.undo_seconds) == (12, 10)


def test_what_sets_them_apart() -> None:
    normandie, rouen, nancy, amiens = (shipped(name) for name in ACADEMIES)
    assert normandie.second_factor.requirement == "required"
    assert {"voice", "totp", "sms"} < set(normandie.second_factor.methods)
    assert {policy.lock.scope for policy in (normandie, rouen, nancy, amiens)} == {"lane"}
    assert (normandie.sessions.one_device, rouen.sessions.one_device) == ("suspend", "off")
    assert set(rouen.second_factor.contexts) == {"role", "outside_network", "sensitive_service"}
    assert (rouen.password.min_length, rouen.password.classes) == (10, 3)
    assert rouen.own_networks
    assert rouen.lock.on_unusual == "lock"
    assert rouen.idle_account.deactivate_days > 0
    assert rouen.idle_account.reopen_by_self_service
    assert nancy.sign_in.numen_first_only
    assert (nancy.second_factor.requirement, nancy.second_factor.trusted_days) == ("advised", 0)
    assert amiens.sign_in.names == ("address",)
    assert (amiens.second_factor.requirement, amiens.second_factor.enrolment_days) == ("advised", 90)
    assert amiens.second_factor.grace_days > 0
    assert amiens.app_passwords.approval == "new_client"
    assert "secret_questions" in amiens.recovery.methods
    assert amiens.leaving.occasional_at_once


def test_strict_is_the_descriptions_to_the_letter() -> None:
    strict = shipped("strict")
    assert (strict.lock.scope, strict.lock.attempts, strict.lock.minutes) == ("account", 3, 0)
    assert strict.sessions.one_device == "suspend"
    assert strict.lock.on_unusual == "lock"
    assert strict.recovery.four_eyes
    assert {"lock.scope", "sessions.one_device"} < {item.field for item in deviations(strict)}


@pytest.mark.parametrize(
    ("section", "values", "field"),
    [
        ("sign_in", {"names": []}, "sign_in.names"),
        ("sign_in", {"names": ["numen"], "numen_first_only": True}, "sign_in.numen_first_only"),
        ("sign_in", {"numen_first_only": True}, "sign_in.numen_first_only"),
        ("second_factor", {"methods": ["totp"]}, "sign_in.passkeys"),
        ("activation", {"method": "arrival_code"}, "activation.method"),
        ("activation", {"valid_days": 0}, "activation.valid_days"),
        ("second_factor", {"requirement": "advised", "grace_days": 5}, "second_factor.grace_days"),
        ("second_factor", {"requirement": "offered", "enrolment_days": 9}, "second_factor.enrolment_days"),
        ("second_factor", {"requirement": "contextual", "contexts": ["outside_network"]}, "own_networks"),
        ("unusual", {"signs": ["new_device"]}, "unusual.grave"),
        ("unusual", {"countries": []}, "unusual.countries"),
        ("unusual", {"signs": ["hour", "country", "travel"], "night_until": 0}, "unusual.night_from"),
        ("recovery", {"methods": ["backup_link"], "four_eyes": True}, "recovery.four_eyes"),
        ("app_passwords", {"allowed": False, "approval": "new_client"}, "app_passwords.approval"),
        ("password", {"admin_expires_days": 15}, "password.admin_expires_days"),
        ("second_factor", {"methods": ["recovery_codes"]}, "second_factor.methods"),
        ("second_factor", {"requirement": "contextual"}, "second_factor.contexts"),
        ("second_factor", {"contexts": ["role"]}, "second_factor.contexts"),
        ("second_factor", {"requirement": "off", "enrolment_days": 9}, "second_factor.enrolment_days"),
        ("sessions", {"idle_minutes": 1440, "absolute_hours": 1}, "sessions.idle_minutes"),
        ("sessions", {"shared_computer_idle_minutes": 60}, "sessions.shared_computer_idle_minutes"),
        ("sessions", {"warning_seconds": 600}, "sessions.warning_seconds"),
        ("sessions", {"one_device": "suspend"}, "sessions.suspend_minutes"),
        ("password", {"min_length": 8}, "password.min_length"),
        ("password", {"min_length": 10, "classes": 2}, "password.classes"),
        ("password", {"min_length": 20}, "password.admin_min_length"),
        ("password", {"expires_days": 10}, "password.expires_days"),
        ("recovery", {"methods": []}, "recovery.methods"),
        ("recovery", {"methods": ["secret_questions"]}, "recovery.methods"),
        ("mail", {"attachment_bytes": 200_000_000}, "mail.attachment_bytes"),
        ("mail", {"quota_bytes": 50_000_000}, "mail.quota_bytes"),
        ("leaving", {"grace_days_min": 40}, "leaving.grace_days_min"),
        ("leaving", {"purge_days": 731}, "leaving.purge_days"),
        ("leaving", {"notice_days": (91, 7)}, "leaving.notice_days"),
        ("leaving", {"notice_days": (7, 0)}, "leaving.notice_days"),
        ("idle_account", {"deactivate_days": 20}, "idle_account.deactivate_days"),
        ("schools", {"mailbox_address": "{uai}"}, "schools.mailbox_address"),
        ("schools", {"mailbox_address": "{name}@{uai}"}, "schools.mailbox_address"),
        ("schools", {"mailbox_address": "{name}..{uai}"}, "schools.mailbox_address"),
        ("many", {"suspend_second_from": 100}, "many.close_second_from"),
        ("contributors", {"longest_days": 30}, "contributors.warning_days"),
        ("contributors", {"warning_days": [7, 0]}, "contributors.warning_days"),
        ("contributors", {"quota_bytes": 50_000_000}, "contributors.quota_bytes"),
    ],
)
def test_contradictions_are_told_with_their_field(section: str, values: dict[str, Any], field: str) -> None:
    policy = msgspec.convert({section: values}, Policy)
    found = contradictions(policy)
    assert field in {item.field for item in found}
    assert all(item.reason and item.french for item in found)


def together(**sections: dict[str, Any]) -> set[str]:
    return {item.field for item in contradictions(msgspec.convert(sections, Policy))}


def test_what_contradicts_itself_across_sections() -> None:
    nobody_asks = {"record_recovery": False}
    by_telephone = {"requirement": "required", "methods": ["sms", "webauthn"]}
    assert "activation.record_recovery" not in together(second_factor=by_telephone, activation=nobody_asks)
    by_telephone["methods"] = ["sms", "voice", "recovery_codes"]
    assert "activation.record_recovery" in together(second_factor=by_telephone, activation=nobody_asks)
    by_means = {"methods": ["backup_link", "temporary_code"]}
    assert "activation.record_recovery" in together(recovery=by_means, activation=nobody_asks)
    assert "activation.record_recovery" not in together(recovery=by_means)
    assert "unusual.grave" in together(lock={"on_unusual": "lock"}, unusual={"grave": []})
    assert "unusual.grave" not in together(unusual={"grave": []})
    assert "unusual.signs" in together(
        second_factor={"requirement": "contextual", "contexts": ["unusual"]},
        unusual={"signs": [], "grave": []},
    )


@pytest.mark.parametrize(
    ("section", "values", "field"),
    [
        ("lock", {"scope": "account"}, "lock.scope"),
        ("lock", {"minutes": 0}, "lock.minutes"),
        ("lock", {"on_unusual": "ignore"}, "lock.on_unusual"),
        ("second_factor", {"requirement": "off"}, "second_factor.requirement"),
        ("second_factor", {"trusted_days": 60}, "second_factor.trusted_days"),
        ("second_factor", {"methods": ["sms"]}, "second_factor.methods"),
        ("sessions", {"idle_minutes": 90}, "sessions.idle_minutes"),
        ("sessions", {"one_device": "suspend", "suspend_minutes": 5}, "sessions.one_device"),
        ("password", {"min_length": 11}, "password.min_length"),
        ("password", {"classes": 1}, "password.classes"),
        ("password", {"expires_days": 365}, "password.expires_days"),
        ("password", {"admin_expires_days": 0}, "password.admin_expires_days"),
        ("password", {"admin_min_length": 12}, "password.admin_min_length"),
        ("password", {"least_score": 1}, "password.least_score"),
        ("recovery", {"methods": ["secret_questions", "ticket"]}, "recovery.methods"),
        ("recovery", {"methods": ["temporary_code"], "code_minutes": 60}, "recovery.code_minutes"),
        ("recovery", {"check_days": 0}, "recovery.check_days"),
        ("sign_in", {"names": ["numen", "address"]}, "sign_in.names"),
        ("activation", {"method": "numen"}, "activation.method"),
        ("many", {"suspend_second_from": 0}, "many.suspend_second_from"),
    ],
)
def test_what_departs_from_guidance_is_said_with_who_says_so(
    section: str, values: dict[str, Any], field: str
) -> None:
    found = [item for item in deviations(msgspec.convert({section: values}, Policy)) if item.field == field]
    assert found
    assert all(item.english and item.french and item.reference for item in found)


def test_a_policy_by_the_book_departs_from_nothing() -> None:
    book = {"requirement": "required", "methods": ["totp", "webauthn", "recovery_codes"]}
    policy = msgspec.convert({"second_factor": book, "app_passwords": {"approval": "new_client"}}, Policy)
    assert contradictions(policy) == []
    assert deviations(policy) == []


def test_a_network_must_be_one() -> None:
    assert contradictions(Policy(own_networks=("10.0.0.0/8", "2001:db8::/32"))) == []
    assert [item.field for item in contradictions(Policy(own_networks=("10.0.0.1/8",)))] == ["own_networks"]


@pytest.mark.parametrize(
    "text",
    [
        b"[sign_in]\nnmaes = []",
        b"[lock]\nattempts = 1",
        b"[mail]\nundo_seconds = 'x'",
        # The second person may be left off for suspending, never for closing.
        b"[many]\nsuspend_second_from = 0\nclose_second_from = 0",
        b"[many]\nsuspend_second_from = 0\nclose_second_from = 1001",
    ],
)
def test_misspelt_or_out_of_range_is_refused(text: bytes) -> None:
    with pytest.raises(BadPolicy):
        parse_toml(text)


def test_an_unknown_set_names_those_there_are() -> None:
    with pytest.raises(UnknownPolicySet, match="rouen"):
        shipped("paris")


def test_stored_values_of_another_version_are_still_read() -> None:
    values = msgspec.to_builtins(shipped("rouen"))
    values["lock"]["a_field_of_old"] = 1
    values["a_section_of_old"] = {}
    del values["mail"]["undo_seconds"]
    assert parse_values(values) == shipped("rouen")


def test_differences_name_the_fields() -> None:
    before, after = (msgspec.to_builtins(policy) for policy in (Policy(), shipped("rouen")))
    assert "mail.attachment_bytes" in differences(before, after)
    assert differences(after, after) == []


@pytest.mark.django_db
def test_revisions_are_added_and_the_last_is_in_force() -> None:
    academy = Academy.objects.create(
        slug="t", name="T", accent="#000000", rp_id="t", issuer="https://t", created_at=NOW
    )
    assert policy_for(academy) == Policy()
    adopt(academy, shipped("rouen"), by=ME, reason="start", now=NOW)
    adopt(academy, shipped("amiens"), by=ME, reason="change", now=NOW)
    assert policy_for(academy) == shipped("amiens")
    assert list(PolicyRevision.objects.order_by("number").values_list("number", "reason")) == [
        (1, "start"),
        (2, "change"),
    ]
    entry = JournalEntry.objects.get(action="policy.adopted", reason="change")
    assert entry.actor == "operator:test"
    assert "mail.attachment_bytes" in entry.payload.facts["changed"]
    assert OutboxEvent.objects.filter(topic="academy.changed", key="t").count() == 2


@pytest.mark.django_db
def test_a_contradictory_policy_leaves_nothing_behind() -> None:
    academy = Academy.objects.create(
        slug="t", name="T", accent="#000000", rp_id="t", issuer="https://t", created_at=NOW
    )
    bad = msgspec.convert({"recovery": {"methods": []}}, Policy)
    with pytest.raises(BadPolicy, match="out for good"):
        adopt(academy, bad, by=ME, reason="x", now=NOW)
    assert not PolicyRevision.objects.exists()
    assert not JournalEntry.objects.exists()


def test_a_request_reads_a_policy_once_and_sees_its_own_change(
    db: None, django_assert_num_queries: Any
) -> None:
    academy = Academy.objects.create(
        slug="rouen", name="R", accent="#1a5fb4", rp_id="r", issuer="https://r", created_at=NOW
    )
    with remembering():
        with django_assert_num_queries(1):
            assert policy_for(academy) == policy_for(academy)
        adopt(academy, shipped("rouen"), by=ME, reason="test", now=NOW)
        assert policy_for(academy) == shipped("rouen")
    with django_assert_num_queries(2):
        assert policy_for(academy) == policy_for(academy)
