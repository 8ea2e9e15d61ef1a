"""Closed vocabularies: words are added at the end, so that stored codes keep their meaning."""

import hashlib

import pytest

from collectors.layout import layout
from collectors.manifest import RESOURCES
from collectors.numbers import Code
from collectors.vocabularies import ACTOR, LOG_ENTRY, NOTIFICATION, OTHER, STATUS, Vocabulary

# How many words were stored first, and the beginning of the SHA-256 of them. A new word changes
# neither; a new vocabulary is added here.
STORED = {
    "ability": (48, "1aedf4c98fea5fee"),
    "actor": (3, "e064386f36c0a83a"),
    "alert_grouping": (3, "bb8cde2c757be7b9"),
    "assignment_strategy": (2, "7000edcef8a36855"),
    "channel": (13, "3cdde262b901af98"),
    "escalation_target": (2, "b6135d65312f3c6b"),
    "handoff_notifications": (2, "d4adce5457fd6cee"),
    "incident_status": (3, "58ec2d496862ba6c"),
    "log_entry": (17, "18c24db13b112057"),
    "notification": (4, "397a247463eb0fac"),
    "planned_action": (4, "4321c842021b8ae1"),
    "resolve_reason": (1, "1d99710066639639"),
    "responder_state": (4, "82f29c5e9775f03e"),
    "role": (8, "8b0fdb95eff1101a"),
    "rule_urgency": (3, "edaa03e9d879b2af"),
    "schedule_kind": (2, "67500abb7b8c8343"),
    "service_kind": (2, "6c9e752ddb67612f"),
    "service_status": (5, "dff06e6ef0da442d"),
    "shift_member": (2, "25ec1d06ef317c2b"),
    "shift_source": (4, "81102e7df2412f91"),
    "team_access": (2, "f28ac9d67b9c241b"),
    "team_role": (3, "bd5fece73a8d56c7"),
    "urgency": (2, "37565ed97d405b5c"),
    "urgency_rule": (2, "bcb689727daf900d"),
}
VOCABULARIES = {
    column.vocabulary.name: column.vocabulary
    for resource in RESOURCES
    for table in layout(resource.schema)
    for column in table.columns
    if column.vocabulary and column.vocabulary.name != "time_zone"
}
every_one = pytest.mark.parametrize("vocabulary", VOCABULARIES.values(), ids=VOCABULARIES)


@every_one
def test_a_stored_code_never_changes_its_word(
    vocabulary: Vocabulary,
) -> None:
    count, digest = STORED[vocabulary.name]
    first = " ".join(vocabulary.words[:count])
    assert hashlib.sha256(first.encode()).hexdigest().startswith(digest)


@every_one
def test_each_word_has_one_code_and_each_alias_a_word(vocabulary: Vocabulary) -> None:
    assert len(set(vocabulary.words)) == len(vocabulary.words)
    assert not set(vocabulary.aliases) & set(vocabulary.words)
    assert set(vocabulary.codes().values()) == set(range(1, len(vocabulary.words) + 1))
    assert OTHER not in vocabulary.codes().values()


def test_no_stored_vocabulary_is_removed() -> None:
    assert set(STORED) == set(VOCABULARIES)


@pytest.mark.parametrize(
    "word",
    [
        "aws_cloudwatch_inbound_integration_reference",
        "cloudkick_inbound_integration_reference",
        "event_transformer_api_inbound_integration_reference",
        "generic_email_inbound_integration_reference",
        "generic_events_api_inbound_integration_reference",
        "keynote_inbound_integration_reference",
        "nagios_inbound_integration_reference",
        "pingdom_inbound_integration_reference",
        "sql_monitor_inbound_integration_reference",
        "events_api_v2_inbound_integration_reference",
        "inbound_integration_reference",
    ],
)
def test_every_documented_integration_is_one(word: str) -> None:
    codes = ACTOR.codes()
    assert codes[word] == codes[word.removesuffix("_reference")] == codes["integration"]


def test_a_type_of_log_entry_may_end_as_a_reference_does() -> None:
    codes = LOG_ENTRY.codes()
    for word in (*LOG_ENTRY.words, *LOG_ENTRY.aliases):
        assert codes[f"{word}_reference"] == codes[word]


@pytest.mark.parametrize("word", NOTIFICATION.words)
def test_a_notification_of_an_older_client_is_of_the_kind_that_its_word_ends_in(word: str) -> None:
    stored = Code(NOTIFICATION, reason="r").stored
    for client in ("ios", "windows_phone", "a_client_of_tomorrow"):
        assert stored(f"{client}_{word}") == NOTIFICATION.codes()[word]
    for other in (f"{word}_failed", f"im{word}", "carrier_pigeon", ""):
        assert stored(other) == OTHER


def test_words_of_other_kinds_are_not_told_by_their_end() -> None:
    assert Code(STATUS, reason="r").stored("not_resolved") == OTHER
