"""Examples of the kinds that no file beside the checkout has, computed with pencil and paper."""

from typing import Any

Json = dict[str, Any]
WEEK = {"since": "2024-06-03T00:00:00Z", "until": "2024-06-10T00:00:00Z"}
"""Monday to Monday, 168 hours."""
DAY = {"since": "2024-06-03T00:00:00Z", "until": "2024-06-04T00:00:00Z"}
PERSON = {"type": "user_reference", "summary": "CANARY_NAME_1"}
TOOL = {"id": "S1", "type": "service_reference", "summary": "CANARY_NAME_2"}


def example(name: str, params: Json, inputs: Json, expected: Json) -> Json:
    result = {key: {"value": value, "how": "CANARY_HOW"} for key, value in expected.items()}
    return {"id": name, "params": params, "inputs": inputs, "expected": result}


def at(hour: str, day: int = 3) -> str:
    return f"2024-06-{day:02}T{hour}Z"


def user(raw: str, zone: str | None = "Etc/UTC") -> Json:
    return {"id": raw, "name": "CANARY_PERSON_1", "time_zone": zone}


def service(raw: str) -> Json:
    return {"id": raw, "name": "CANARY_SERVICE_1", "escalation_policy": {"id": "P1"}}


def policy(*schedules: str) -> Json:
    rules = [
        {
            "escalation_delay_in_minutes": 5,
            "targets": [{"id": raw, "type": "schedule_reference"}],
        }
        for raw in schedules
    ]
    return {"id": "P1", "num_loops": 0, "escalation_rules": rules}


def incident(raw: str, of: str, created: str, resolved: str, urgency: str = "high") -> Json:
    return {
        "id": raw,
        "title": "CANARY_TITLE_1",
        "created_at": created,
        "resolved_at": resolved,
        "status": "resolved",
        "urgency": urgency,
        "service": {"id": of},
        "escalation_policy": {"id": "P1"},
    }


def entry(kind: str, of: str, created: str, agent: Json, channel: str = "api") -> Json:
    return {
        "id": f"{kind}{of}{created}",
        "type": f"{kind}_log_entry",
        "created_at": created,
        "incident": {"id": of, "summary": "CANARY_TITLE_2"},
        "agent": agent,
        "channel": {"type": channel, "details": "CANARY_DETAIL_1"},
    }


def notified(raw: str, created: str, channel: str) -> Json:
    return {
        "id": f"{raw}{created}{channel}",
        "type": "notify_log_entry",
        "created_at": created,
        "incident": {"id": "I1"},
        "agent": TOOL,
        "user": {"id": raw},
        "channel": {"type": "auto", "notification": {"type": f"{channel}_notification"}},
    }


INTERRUPTIONS = example(
    "interruptions",
    # U1's clock is four hours behind UTC; U2 has none of their own and takes the account's.
    WEEK | {"interruption_merge_s": 60, "business": "Mon-Fri 08:00-18:00", "sleep": [22, 8]},
    {
        "users": [user("U1", "America/New_York"), user("U2", None)],
        "services": [service("S1")],
        "incidents": [incident("I1", "S1", at("13:00:00"), at("20:00:00"))],
        "log_entries": [
            notified("U1", at("14:00:00"), "push"),
            # 60 s after the first: the same interruption; 61 s: another one.
            notified("U1", at("14:01:00"), "sms"),
            notified("U1", at("14:01:01"), "phone"),
            # 23:00 on Monday and 00:30 on Wednesday: two nights in a row.
            notified("U1", at("03:00:00", 4), "push"),
            notified("U1", at("04:30:00", 5), "push"),
            notified("U1", at("12:00:00", 4), "email"),
            notified("U2", at("14:00:10"), "push"),
            # Saturday noon.
            notified("U2", at("12:00:00", 8), "phone"),
        ],
    },
    {
        "notifications_by_channel": {"push": 4, "sms": 1, "phone": 2, "email": 1},
        "interruptions_total": 6,
        "interruptions_by_user": {"U1": 4, "U2": 2},
        "interruptions_by_band": {"business": 3, "off": 1, "sleep": 2},
        "interruptions_by_user_band": {
            "U1": {"business": 2, "off": 0, "sleep": 2},
            "U2": {"business": 1, "off": 1, "sleep": 0},
        },
        "non_business_share": 0.5,
        "sleep_share": 1 / 3,
        "disturbed_nights": {"U1": 2, "U2": 0},
        "longest_disturbed_run": {"U1": 2, "U2": 0},
    },
)


def turn(raw: str, start: str, end: str) -> Json:
    return {"start": start, "end": end, "user": PERSON | {"id": raw}}


def layered(raw: str, people: list[str], turns: list[Json], overrides: list[Json]) -> Json:
    return {
        "id": raw,
        "type": "schedule",
        "name": "CANARY_SCHED_1",
        "time_zone": "Etc/UTC",
        "users": [{"id": each} for each in people],
        "final_schedule": {"rendered_schedule_entries": turns},
        "overrides_subschedule": {"rendered_schedule_entries": overrides},
    }


DUTY = example(
    "duty",
    WEEK
    | {
        "min_rest_s": 40 * 3600,
        "business": {"start": "08:00", "end": "18:00", "days": [1, 2, 3, 4, 5]},
        "sleep": {"from": "22:00", "to": "08:00"},
    },
    {
        "users": [user("U1"), user("U2"), user("U3")],
        "escalation_policies": [policy("PS1")],
        "schedules": [
            layered(
                "PS1",
                ["U1", "U2", "U3"],
                [
                    turn("U1", at("00:00:00"), at("00:00:00", 5)),
                    turn("U2", at("00:00:00", 5), at("00:00:00", 7)),
                    # Nobody on Friday until noon.
                    turn("U1", at("12:00:00", 7), at("12:00:00", 8)),
                    turn("U2", at("12:00:00", 8), at("00:00:00", 10)),
                ],
                [turn("U1", at("12:00:00", 7), at("12:00:00", 8))],
            )
        ],
    },
    {
        "window_h": 168,
        "covered_h": 156,
        "oncall_h": {"U1": 72, "U2": 84, "U3": 0},
        "max_share": 84 / 156,
        # 2 (0 + 2*72 + 3*84) / (3*156) - 4/3, times 3/2, and over the two who had a shift.
        "gini_roster": 14 / 39,
        "gini_roster_corrected": 7 / 13,
        "gini_active": 1 / 26,
        "sleep_h": {"U1": 30, "U2": 32},
        "weekend_h": {"U1": 12, "U2": 36},
        "override_h": 24,
        "override_share": 24 / 156,
        "handoffs": 2,
        "handoffs_override": 1,
        "handoffs_outside_business": 2,
        "longest_block_h": 48,
        # U1 rests 60 h, U2 36 h.
        "rest_violations": 1,
        "min_rest_h": 36,
        "idle_members": ["U3"],
    },
)


def shift(raw: str | None, start: str, end: str) -> Json:
    nobody = {"type": "empty_member"}
    member = nobody if raw is None else {"type": "user_member", "user_id": raw}
    return {"start_time": start, "end_time": end, "member": member}


COVERAGE = example(
    "coverage",
    DAY | {"min_rest_s": 39_600, "sleep": ["22:00", "08:00"]},
    {
        "users": [user("U1"), user("U2"), user("U3")],
        "services": [service("S1")],
        "escalation_policies": [policy("PA", "PB")],
        "schedules": [
            layered(
                "PA",
                ["U1", "U2"],
                [
                    turn("U1", at("00:00:00"), at("12:00:00")),
                    turn("U2", at("12:00:00"), at("20:00:00")),
                ],
                [],
            ),
            {
                "id": "PB",
                "type": "schedule_v3",
                "time_zone": "Etc/UTC",
                "final_schedule": {
                    "computed_shift_assignments": [
                        shift("U1", at("06:00:00"), at("18:00:00")),
                        shift(None, at("18:00:00"), at("22:00:00")),
                        shift("U3", at("22:00:00"), at("00:00:00", 4)),
                    ]
                },
            },
        ],
    },
    {
        "window_h": 24,
        "schedule_covered_h": {"PA": 20, "PB": 14},
        "schedule_gap_h": {"PA": 4, "PB": 10},
        "schedule_gap_count": {"PA": 1, "PB": 2},
        "policy_l1_uncovered_h": {"P1": 4},
        # Only from 20:00 to 22:00 does no level reach anybody.
        "policy_uncovered_h": {"P1": 2},
        "policy_uncovered_count": {"P1": 1},
        "oncall_h": {"U1": 18, "U2": 8, "U3": 2},
        "schedule_hours_sum": 34,
        "double_duty_h": {"U1": 6},
        # U1 alone until noon, U2 from 18:00 to 20:00, U3 from 22:00.
        "single_responder_h": {"P1": 16},
        "longest_block_h": {"U1": 18, "U2": 8, "U3": 2},
        "rest_violations": {"U1": 0, "U2": 0, "U3": 0},
        "sleep_h": {"U1": 8, "U2": 0, "U3": 2},
        "distinct_people": {"PA": 2, "PB": 2},
    },
)

U1 = PERSON | {"id": "U1"}


def handled(raw: str, of: str, created: str, resolved: str, *steps: Json) -> Json:
    return {"incident": incident(raw, of, created, resolved), "steps": list(steps)}


_NOISE = [
    handled(
        "I1",
        "S1",
        at("10:00:00"),
        at("10:02:00"),
        entry("resolve", "I1", at("10:02:00"), TOOL),
    ),
    handled(
        "I2",
        "S1",
        at("10:10:00"),
        at("10:12:00"),
        entry("resolve", "I2", at("10:12:00"), TOOL),
    ),
    handled(
        "I3",
        "S1",
        at("10:20:00"),
        at("10:40:00"),
        entry("resolve", "I3", at("10:40:00"), TOOL),
    ),
    # A person was as quick: that is work, not noise.
    handled(
        "I4",
        "S2",
        at("10:05:00"),
        at("10:07:00"),
        entry("acknowledge", "I4", at("10:06:00"), U1),
        entry("resolve", "I4", at("10:07:00"), U1),
    ),
    handled(
        "I5",
        "S2",
        at("14:00:00"),
        at("15:00:00"),
        entry("acknowledge", "I5", at("14:01:00"), U1),
        entry("resolve", "I5", at("15:00:00"), TOOL),
    ),
    handled(
        "I6",
        "S2",
        at("16:00:00"),
        at("20:00:00"),
        entry("acknowledge", "I6", at("16:01:00"), U1),
        entry("resolve", "I6", at("20:00:00"), TOOL, "timeout"),
    ),
]
NOISE = example(
    "noise",
    DAY
    | {
        "as_of": DAY["until"],
        "transient_s": 300,
        "flap_gap_s": 900,
        "flap_min_incidents": 3,
        "storm_window_s": 600,
        "storm_threshold": 3,
    },
    {
        "users": [user("U1")],
        "services": [service("S1"), service("S2")],
        "incidents": [each["incident"] for each in _NOISE],
        "log_entries": [step for each in _NOISE for step in each["steps"]],
    },
    {
        "incident_count": 6,
        "auto_resolved_share": 5 / 6,
        "transient_share": 2 / 6,
        "unattended_auto_share": 3 / 6,
        "ack_without_action": {"self_healed": 1, "abandoned": 1},
        "ack_without_action_rate": 2 / 3,
        "non_actionable_share": 4 / 6,
        "flap_episodes": [["I1", "I2", "I3"]],
        "flap_share": 3 / 6,
        # I1, I4 and I2 start between 10:00 and 10:10.
        "storms": [{"start": at("10:00:00"), "end": at("10:10:00"), "incidents": 3}],
        "storm_share": 3 / 6,
        "human_touched_share": 1 / 6,
        "top_service_share": 3 / 6,
        "ttr_median_all_s": 660,
        "ttr_median_without_transient_s": 2400,
    },
)


def change(raw: str, when: str, *services: str) -> Json:
    return {
        "id": raw,
        "summary": "CANARY_CHANGE_1",
        "timestamp": when,
        "services": [{"id": each} for each in services],
    }


def fixed(raw: str, of: str, created: str, resolved: str, urgency: str = "high") -> Json:
    return {
        "incident": incident(raw, of, created, resolved, urgency),
        "steps": [entry("resolve", raw, resolved, U1)],
    }


_FAILURES = [
    fixed("I1", "S1", at("10:45:00"), at("11:45:00")),
    fixed("I2", "S1", at("11:00:00"), at("12:30:00")),
    fixed("I3", "S1", at("09:00:00"), at("09:30:00")),
    fixed("I4", "S2", at("23:45:00", 9), at("23:50:00", 9), "low"),
]
CHANGES = example(
    "changes",
    WEEK
    | {
        "attribution_window_s": 3600,
        "change_dedupe_s": 60,
        "transient_s": 300,
        "exclude_transient": True,
        "dora_excluded_urgencies": ["low"],
    },
    {
        "services": [service("S1"), service("S2")],
        "change_events": [
            change("C1", at("10:00:00"), "S1"),
            change("C2", at("10:00:30"), "S1"),
            change("C3", at("10:30:00"), "S1"),
            # Its hour is not over at the snapshot.
            change("C4", at("23:30:00", 9), "S2"),
        ],
        "incidents": [each["incident"] for each in _FAILURES],
        "log_entries": [step for each in _FAILURES for step in each["steps"]],
    },
    {
        "changes": 3,
        "changes_per_day": 3 / 7,
        "days_with_change": 2,
        "median_days_with_change_per_week": 2,
        "eligible_changes": 2,
        "failed_changes": ["C3"],
        "change_failure_rate": 0.5,
        "incidents_per_change": 1,
        "attributed_incidents": {"C3": ["I1", "I2"]},
        "fdrt_median_s": 6300,
        "fdrt_since_change_median_s": 7200,
        "fdrt_open_changes": 0,
        # From 08:00 to 09:00 and from 09:45 to 11:00 an incident follows within the hour.
        "chance_rate_S1": 135 / (168 * 60),
    },
)
Z = 1.959964


def wilson(hits: int, of: int) -> tuple[float, float]:
    share = hits / of
    middle = share + Z**2 / (2 * of)
    reach = Z * (share * (1 - share) / of + Z**2 / (4 * of**2)) ** 0.5
    return (middle - reach) / (1 + Z**2 / of), (middle + reach) / (1 + Z**2 / of)


def newcombe() -> list[float]:
    (low1, high1), (low2, high2) = wilson(30, 40), wilson(45, 50)
    p1, p2 = 30 / 40, 45 / 50
    below = ((p2 - low2) ** 2 + (high1 - p1) ** 2) ** 0.5
    above = ((high2 - p2) ** 2 + (p1 - low1) ** 2) ** 0.5
    return [p2 - p1 - below, p2 - p1 + above]


NUMBERS = example(
    "numbers",
    {"k": 5, "alpha": 0.05, "dominance_share": 0.7},
    {
        "durations_baseline_s": [420, 60, 120, 180, 300, 240, 360],
        "durations_followup_s": [30, 60, 90, 120, 150, 180, 210],
        "ack_baseline": {"acked": 30, "n": 40},
        "ack_followup": [45, 50],
        "weekly_incidents": [10, 12, 8, 10, 12, 8, 10, 30],
        "table_1": {"a": 12, "b": 3, "c": 2, "d": 9},
        "table_2": {"a": 12, "b": 3, "c": 7, "d": 9},
        "dominance_groups": {"x": [80, 10, 10], "y": [40, 30, 30]},
    },
    {
        "baseline_median_s": 240,
        # Seven values: only the first and the last are far enough out.
        "baseline_median_ci": [60, 420],
        "followup_median_s": 120,
        "followup_median_ci": [30, 210],
        # -7 -6 -5 -4 -3 -2 -1 over 49 pairs.
        "cliffs_delta": -28 / 49,
        "ack_baseline_wilson": list(wilson(30, 40)),
        "ack_followup_wilson": list(wilson(45, 50)),
        "ack_difference_newcombe": newcombe(),
        "xmr": {
            "mean": 12.5,
            "mean_moving_range": 36 / 7,
            "upper": 12.5 + 2.66 * 36 / 7,
            "lower": 0,
            "signals": [7],
        },
        "suppressed_table_1": {"a": 12, "b": None, "c": None, "d": 9},
        # Only b is small, but the total would reveal it: c is hidden too.
        "suppressed_table_2": {"a": 12, "b": None, "c": None, "d": 9},
        "dominated_groups": ["x"],
    },
)
OWN = (INTERRUPTIONS, DUTY, COVERAGE, NOISE, CHANGES, NUMBERS)
