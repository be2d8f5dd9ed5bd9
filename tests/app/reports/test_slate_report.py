from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ai_pro_sports.app.reports import write_report
from ai_pro_sports.core.errors import InvalidValue
from tests.app.reports.pages import NOW, Page, evaluation, football_slate, provenance, soccer_slate

Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(**changes: Any) -> str:
        arguments = {
            "slates": [football_slate(), soccer_slate()],
            "evaluations": [evaluation()],
            "provenance": provenance(),
            "simulated": True,
            "generated_at": NOW,
        } | changes
        path = write_report(tmp_path / "out" / "report.html", **arguments)
        return path.read_text(encoding="utf-8")

    return written


def test_the_page_is_well_formed_and_small(write: Write) -> None:
    html = write()
    assert html.startswith("<!DOCTYPE html>")
    assert len(html) < 200_000
    page = Page(html)
    assert page.all("html")[0]["lang"] == "en"
    assert len(page.all("h1")) == len(page.all("main")) == 1


def test_nothing_is_asked_of_any_network_and_no_script_runs(write: Write) -> None:
    page = Page(write())
    assert {"script", "link", "img", "iframe", "object", "embed", "form"}.isdisjoint(tag for tag, _ in page.tags)
    for tag, attributes in page.tags:
        for name, value in attributes.items():
            assert not name.startswith("on"), tag
            if name in {"href", "src", "xlink:href", "action", "data"}:
                assert str(value).startswith("#"), (tag, value)
            assert name in {"content", "title"} or "url(" not in str(value)
    styles = resources.files("ai_pro_sports.app.reports").joinpath("templates/slate_report.css").read_text()
    assert not re.search(r"url\(|@import|https?:", styles)
    policy = next(meta for meta in page.all("meta") if meta.get("http-equiv"))["content"]
    assert "default-src 'none'" in str(policy)


def test_the_slate_says_game_time_price_and_stake(write: Write) -> None:
    text = Page(write()).text
    for said in (
        "Aldermoor v Brightwater Quay",
        "Sun 23 Nov 2025, 18:00 UTC · Sun 13:00 EST",
        "Aldermoor to win 66.4 % 64.1 % 1.51 1.62 pinnacle +4.7 % +7.6 % A BET USD 112.50",
        "Brightwater Quay +4.5 48.8 %",
        "edge -7.2% is below the 3.0% wanted",
        "no price is known",
        "true mean margin +4.8, total 43.2",
        "Sat 22 Nov 2025, time not published",
        "Aldermoor to win at 1.62 (pinnacle), USD 112.50",
    ):
        assert said in text, said


def test_exactly_the_bets_are_marked_as_bets(write: Write) -> None:
    page = Page(write())
    assert [attributes for attributes in page.all("tr") if attributes.get("class") == "bet"] == [
        {"role": "row", "class": "bet"}
    ]
    assert page.text.count("BET USD") == 1


def test_a_simulated_page_says_so_at_the_top_in_the_title_and_at_every_table(write: Write) -> None:
    page = Page(write())
    assert page.text.startswith("SIMULATED: AI PRO SPORTS")
    assert "SIMULATED Every club, result and price on this page is invented." in page.text
    assert page.all("p")[0]["class"] == "band"
    assert page.text.count("(simulated)") == 3
    assert "AIPS_MIRROR=" in page.text


def test_a_real_page_never_speaks_of_simulation_or_truth(write: Write) -> None:
    page = Page(write(simulated=False, slates=[football_slate(truth=False), soccer_slate()]))
    assert "simulat" not in page.text.lower()
    assert not [attributes for attributes in page.all("td") if attributes.get("data-label") == "True"]
    assert "true mean" not in page.text
    assert "aips predict generate" in page.text


def test_the_scores_stand_with_their_intervals_and_games_beside_the_close(write: Write) -> None:
    text = Page(write()).text
    for said in (
        "Log loss lower is better 0.6241 [0.6142, 0.6338] 0.6124 [0.6025, 0.6221] 0.6851 [0.6752, 0.6948] "
        "+0.0117 [+0.0077, +0.0157] 4,512",
        "Accuracy higher is better 65.1 % [63.7 %, 66.5 %]",
        "Calibration error (ECE)",
        "the closing line forecasts better than the model by 0.0117 nats a game [0.0077, 0.0157]",
        "seasons 2006 to 2025",
        "1,043 in the first seasons, only learned from; 12 without a valid closing price",
        "up to 0.0214 by chance alone",
        "aips evaluate -s NFL",
    ):
        assert said in text, said
    assert "slope" not in text
    assert "Ranked probability score lower" not in text


def test_a_score_that_is_too_good_is_shown_with_its_alarm(write: Write) -> None:
    assert "Too good to be believed" not in Page(write()).text
    alarmed = Page(write(evaluations=[evaluation(alarm="beats the closing line by 0.0200 nats")])).text
    assert "Too good to be believed: the model beats the closing line by 0.0200 nats." in alarmed


def test_the_calibration_plot_shows_the_model_and_the_close_and_has_its_numbers_as_a_table(write: Write) -> None:
    table = evaluation()
    page = Page(write(evaluations=[table]))
    figure = next(attributes for attributes in page.all("svg") if attributes.get("role") == "img")
    assert figure["aria-labelledby"] == "plot-1-title"
    filled = {one.forecaster: sum(count > 0 for count in one.count) for one in table.curves}
    assert len(page.all("circle")) == filled["model"] + 1
    assert len([r for r in page.all("rect") if r["class"] == "f-b"]) == filled["close"] + 1
    assert "Our model: called" in page.text
    assert page.text.count("Base rate ") >= filled["base_rate"]


def test_every_source_stands_with_files_rows_time_and_checksum(write: Write) -> None:
    page = Page(write())
    assert "nflverse NFL var/demo/mirror 1 1,910 1,910 21,408 0 Fri 21 Nov 2025, 13:00 UTC 9f86d081884c" in page.text
    assert "33 files" in page.text
    full = [attributes["title"] for attributes in page.all("code") if attributes.get("title")]
    assert len(full) == 34
    assert all(len(str(digest)) == 64 for digest in full)


def test_hostile_names_are_text_and_nothing_else(write: Write) -> None:
    evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)> & '{{ 7*7 }}"
    slate = football_slate()
    game = replace(slate.games[0], home=evil, away=evil)
    hostile = replace(slate, league=evil, league_name=evil, model=evil, note=evil, games=(game,))
    rows = tuple(replace(row, book=evil, reason=evil) for row in game.rows)
    hostile = replace(hostile, games=(replace(game, rows=rows),))
    origin = [replace(one, source=evil, origin=evil, sha256=(evil,)) for one in provenance()]
    table = replace(evaluation(), league=evil, league_name=evil, excluded={evil: 3}, alarm=evil, command=evil)
    html = write(slates=[hostile], provenance=origin, evaluations=[table], next_steps=[(evil, evil)])
    page = Page(html)
    assert {"script", "img"}.isdisjoint(tag for tag, _ in page.tags)
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert "{{ 7*7 }}" in page.text
    assert page.text.count("<script>alert(1)</script>") > 10


def test_every_table_has_a_caption_and_headers_and_every_cell_of_a_stacking_one_its_label(write: Write) -> None:
    page = Page(write())
    assert len(page.all("table")) == len(page.all("caption")) == 5
    assert all(header.get("scope") in {"col", "row", "rowgroup"} for header in page.all("th"))
    stacking = [attributes for attributes in page.all("table") if "stack" in str(attributes.get("class"))]
    assert all(attributes["role"] == "table" for attributes in stacking)
    cells = [attributes for attributes in page.all("td") if attributes.get("role") == "cell"]
    assert all(attributes.get("data-label") or attributes.get("class") == "why" for attributes in cells)
    ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    targets = {str(attributes["href"])[1:] for attributes in page.all("a")}
    labels = {str(attributes["aria-labelledby"]) for _, attributes in page.tags if attributes.get("aria-labelledby")}
    assert targets | labels <= set(ids)


def test_headings_never_skip_a_level(write: Write) -> None:
    levels = [int(tag[1]) for tag, _ in Page(write()).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_page_without_anything_still_says_what_it_is(write: Write) -> None:
    page = Page(write(slates=[], evaluations=[], provenance=[], simulated=False))
    assert "No league has a coming game with what is known now." in page.text
    assert "Nothing has been imported for this page." in page.text
    empty = replace(football_slate(), games=(), note="Nothing is scheduled before 2026-01-04.")
    assert "Nothing is scheduled before 2026-01-04." in Page(write(slates=[empty])).text


def test_scores_that_lack_a_forecaster_or_an_interval_show_a_dash(write: Write) -> None:
    table = evaluation()
    thin = replace(table, scores={"model": table.scores["model"]}, differences={}, curves=(), error_if_calibrated=None)
    page = Page(write(evaluations=[thin]))
    assert "There is no comparison with the closing line." in page.text
    assert "Log loss lower is better 0.6241 [0.6142, 0.6338] – – – 4,512" in page.text
    assert not page.all("figure")


def test_the_same_contents_make_the_same_page_and_a_second_one_replaces_the_first(write: Write, tmp_path: Path) -> None:
    first = write()
    assert write() == first
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["report.html"]


def test_a_time_without_a_zone_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="zone"):
        write_report(
            tmp_path / "report.html",
            slates=[],
            evaluations=[],
            provenance=[],
            simulated=False,
            generated_at=datetime(2025, 1, 1),  # noqa: DTZ001 - a time without a zone is what is refused
        )
    assert list(tmp_path.iterdir()) == []


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_has_enough_contrast_in_both_schemes(scheme: int) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1 for text, 1.4.11: 3 to 1 for what a plot is read by."""
    styles = resources.files("ai_pro_sports.app.reports").joinpath("templates/slate_report.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", styles, flags=re.DOTALL)
    assert len(blocks) == 2
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", blocks[scheme]))
    text = [("text", "page"), ("text", "card"), ("text", "soft"), ("text", "bet-soft"), ("muted", "page")]
    text += [("muted", "card"), ("muted", "soft"), ("muted", "bet-soft"), ("accent", "card"), ("band-text", "band")]
    text += [("card", "bet")]
    plotted = [(name, "card") for name in "abcd"]
    for least, pairs in ((4.5, text), (3.0, plotted)):
        for front, back in pairs:
            lighter, darker = sorted((luminance(colours[front]), luminance(colours[back])), reverse=True)
            assert (lighter + 0.05) / (darker + 0.05) >= least, (front, back)
