"""Who plays whom, when: the pairings of a season and their kick-off times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from ai_pro_sports.app.sandbox.calendars import kick_off

__all__ = ["Schedule", "double_round_robin", "football_schedule", "single_round_robin", "soccer_schedule"]

IntArray = npt.NDArray[np.int64]
Pairing = tuple[int, int]

DIVISIONS, DIVISION_SIZE = 8, 4
CROSS_PAIRS = 5
"""Division pairings met twice a season, once at home; one more pairing is met once: 6 + 5 * 2 + 1 = 17 games."""

EASTERN, BRITISH = "America/New_York", "Europe/London"
FOOTBALL_SLOTS = ((3, "13:00", 9), (3, "16:05", 2), (3, "16:25", 2), (3, "20:20", 1), (4, "20:15", 1))
"""Days after the Thursday, kick-off (Eastern) and games; the sixteenth game of a week is the Thursday one."""
THURSDAY_SLOT = (0, "20:15")

WEEKEND = ((-1, "20:00"), (0, "12:30"), *(((0, "15:00"),) * 4), (0, "17:30"), (1, "14:00"), (1, "16:30"), (2, "20:00"))
SHORT_WEEKEND = ((0, "12:30"), *(((0, "15:00"),) * 5), (0, "17:30"), (1, "14:00"), (1, "14:00"), (1, "16:30"))
MIDWEEK = ((3, "19:30"), (3, "19:30"), (3, "20:15"), *(((4, "19:30"),) * 5), (4, "20:15"), (4, "20:15"))
"""Days after the Saturday and kick-off (UK time) of a round's ten games. A weekend beside a midweek round, and the
first of all, is short: no Friday and no Monday."""
MIDWEEK_WEEKS = (16, 20)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A season's games in order of play: arrays (n,) of week (from 1), home and away (club numbers); starts (UTC)."""

    week: IntArray
    home: IntArray
    away: IntArray
    starts_at: list[datetime]
    days: list[date]
    times: list[str]


def football_schedule(start: date, generator: np.random.Generator) -> Schedule:
    """Return seventeen weeks from the Thursday `start` for thirty-two clubs, every club once a week.

    Clubs 0 to 3 are the first division, 4 to 7 the second and so on. Every club meets its three division rivals home
    and away and eleven others once; it plays eight or nine at home.
    """
    divisions = generator.permutation(DIVISIONS)
    clubs = np.concatenate([DIVISION_SIZE * block + generator.permutation(DIVISION_SIZE) for block in divisions])
    rounds = _football_rounds(generator)
    rested: set[int] = set(range(len(clubs)))
    games: list[tuple[int, int, int, date, str]] = []
    for week, place in enumerate(generator.permutation(len(rounds)), 1):
        pairs = [(int(clubs[home]), int(clubs[away])) for home, away in rounds[place]]
        pairs = [pairs[index] for index in generator.permutation(len(pairs))]
        # Nobody plays on Thursday three days after a Monday; the sort is stable, so the draw above still decides.
        pairs.sort(key=lambda pair: not rested.issuperset(pair))
        slots = [THURSDAY_SLOT, *((day, time) for day, time, count in FOOTBALL_SLOTS for _ in range(count))]
        first = start + timedelta(weeks=week - 1)
        games += [
            (week, *pair, first + timedelta(days=day), time) for pair, (day, time) in zip(pairs, slots, strict=True)
        ]
        rested = set(range(len(clubs))) - set(pairs[-1])
    return _in_order(games, EASTERN)


def _football_rounds(generator: np.random.Generator) -> list[list[Pairing]]:
    """Return seventeen perfect matchings of slots 0..31, where slot // 4 is the division."""
    legs = [
        [
            (home + DIVISION_SIZE * block, away + DIVISION_SIZE * block)
            for block in range(DIVISIONS)
            for home, away in leg
        ]
        for leg in single_round_robin(DIVISION_SIZE)
    ]
    rounds = [*legs, *([(away, home) for home, away in leg] for leg in legs)]
    meetings = single_round_robin(DIVISIONS)
    for place, chosen in enumerate(generator.permutation(len(meetings))[: CROSS_PAIRS + 1]):
        first, second = (int(shift) for shift in generator.permutation(DIVISION_SIZE)[:2])
        rounds.append(_cross_round(meetings[chosen], first, swap=False))
        if place < CROSS_PAIRS:
            rounds.append(_cross_round(meetings[chosen], second, swap=True))
    return rounds


def _cross_round(meetings: list[Pairing], shift: int, *, swap: bool) -> list[Pairing]:
    pairs = [
        (DIVISION_SIZE * one + slot, DIVISION_SIZE * other + (slot + shift) % DIVISION_SIZE)
        for one, other in meetings
        for slot in range(DIVISION_SIZE)
    ]
    return [(away, home) for home, away in pairs] if swap else pairs


def soccer_schedule(start: date, clubs: IntArray, generator: np.random.Generator) -> Schedule:
    """Return the thirty-eight rounds of twenty `clubs`, from the weekend of the Saturday `start`."""
    order = generator.permutation(clubs)
    rounds = double_round_robin(len(order))
    games: list[tuple[int, int, int, date, str]] = []
    for number, (saturday, slots) in enumerate(_soccer_rounds(start, len(rounds)), 1):
        played = rounds[number - 1]
        for place, (day, time) in zip(generator.permutation(len(played)), slots, strict=True):
            home, away = played[place]
            games.append((number, int(order[home]), int(order[away]), saturday + timedelta(days=day), time))
    return _in_order(games, BRITISH)


def _soccer_rounds(start: date, rounds: int) -> list[tuple[date, tuple[tuple[int, str], ...]]]:
    found: list[tuple[date, tuple[tuple[int, str], ...]]] = []
    week = 0
    while len(found) < rounds:
        saturday = start + timedelta(weeks=week)
        beside_midweek = week in MIDWEEK_WEEKS or week - 1 in MIDWEEK_WEEKS
        found.append((saturday, SHORT_WEEKEND if week == 0 or beside_midweek else WEEKEND))
        if week in MIDWEEK_WEEKS:
            found.append((saturday, MIDWEEK))
        week += 1
    return found


def single_round_robin(clubs: int) -> list[list[Pairing]]:
    """Return the rounds in which an even number of `clubs` all meet once, by the circle method.

    >>> single_round_robin(4)
    [[(0, 3), (1, 2)], [(3, 1), (2, 0)], [(2, 3), (0, 1)]]
    """
    rounds = []
    circle = list(range(clubs - 1))
    for number in range(clubs - 1):
        fixed = (circle[0], clubs - 1) if number % 2 == 0 else (clubs - 1, circle[0])
        others = [(circle[place], circle[-place]) for place in range(1, clubs // 2)]
        rounds.append([fixed, *(pair if place % 2 == 0 else pair[::-1] for place, pair in enumerate(others))])
        circle = circle[1:] + circle[:1]
    return rounds


def double_round_robin(clubs: int) -> list[list[Pairing]]:
    """Return the rounds in which all meet twice, home and away; the second half mirrors the first."""
    first = single_round_robin(clubs)
    return [*first, *([(away, home) for home, away in played] for played in first)]


def _in_order(games: list[tuple[int, int, int, date, str]], zone: str) -> Schedule:
    timed = sorted((kick_off(day, time, zone), week, home, away, day, time) for week, home, away, day, time in games)
    starts, week, home, away, days, times = zip(*timed, strict=True)
    return Schedule(
        week=np.array(week, dtype=np.int64),
        home=np.array(home, dtype=np.int64),
        away=np.array(away, dtype=np.int64),
        starts_at=list(starts),
        days=list(days),
        times=list(times),
    )
