"""Simulates leagues and writes them where a mirror of the providers' files would be, with the truth beside them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from ai_pro_sports.app.sandbox import football_data_files, nflverse_files
from ai_pro_sports.app.sandbox.clubs import FOOTBALL_CLUBS, SOCCER_CLUBS
from ai_pro_sports.app.sandbox.football_world import football_games
from ai_pro_sports.app.sandbox.season_games import TRUTH_COLUMNS, SeasonGames
from ai_pro_sports.app.sandbox.soccer_world import soccer_games
from ai_pro_sports.app.sandbox.strengths import EPOCH
from ai_pro_sports.core.clock import ensure_utc
from ai_pro_sports.core.errors import InvalidValue, UnknownName
from ai_pro_sports.core.ids import stable_id
from ai_pro_sports.core.leagues import League, league
from ai_pro_sports.core.leagues.epl import EPL
from ai_pro_sports.core.leagues.nfl import NFL

__all__ = ["TRUTH_FILE", "World", "invented_teams", "is_simulation", "read_truth", "simulate"]

TRUTH_FILE = "truth.json"
NOTICE = "SIMULATED. Every club, person, result and price in this folder is invented; see truth.json for the truth."


@dataclass(frozen=True, slots=True)
class World:
    """A simulated mirror: where it is, what made it, what is true of every game in it, and the files written.

    `truth` has league, external_id (as the source of the league names the game), season, starts_at (UTC), home, away,
    home_probability, draw_probability, away_probability, expected_margin (home minus away) and expected_total.
    """

    root: Path
    now: datetime
    seed: int
    truth: pl.DataFrame
    files: tuple[Path, ...]


def simulate(
    root: Path, *, now: datetime, seed: int, leagues: Sequence[str] = ("NFL", "EPL"), seasons: int = 6
) -> World:
    """Simulate `leagues` up to `now` and write them under `root` in the providers' own formats.

    Each league gets `seasons` past seasons and a current one whose last day lies just before `now` and whose next
    games are priced. The same seed and `now` give the same bytes; a later `now` reveals more of the same world. Files
    of an earlier simulation in `root` are replaced. Raises InvalidValue when `root` holds anything that is not a
    simulation, or `seasons` reaches before 2001; UnknownName for a league that cannot be simulated.
    """
    at = ensure_utc(now)
    codes = [str(league(code).code) for code in leagues]
    writers = {"NFL": _football, "EPL": _soccer}
    unknown = [code for code in codes if code not in writers]
    if unknown:
        raise UnknownName(f"{unknown[0]} cannot be simulated", hint=f"use one of: {', '.join(writers)}")
    earliest = min(NFL.season_of(at.date()), EPL.season_of(at.date())) - 1 - EPOCH
    if not 1 <= seasons <= earliest:
        raise InvalidValue(f"cannot simulate {seasons} seasons", hint=f"ask for 1 to {earliest}")
    _clear(root)
    written: dict[str, pl.DataFrame] = {}
    truths = []
    for code in codes:
        files, truth = writers[code](at, seed, seasons)
        written |= files
        truths.append(truth)
    truth = pl.concat(truths)
    paths = [_write_csv(root / name, frame) for name, frame in written.items()]
    paths += [_write_notice(root), _write_truth(root, at, seed, truth, sorted(written))]
    return World(root, at, seed, truth, tuple(paths))


def invented_teams(declared: League) -> pl.DataFrame | None:
    """Return the clubs that a simulated league's files name by code only, as rows of teams; None where there are none.

    Columns: team_id, pool, name, abbreviation, source.
    """
    if declared is not NFL:
        return None
    return pl.DataFrame(
        {
            "team_id": [stable_id("team", declared.team_pool, club.code) for club in FOOTBALL_CLUBS],
            "pool": declared.team_pool,
            "name": [club.city for club in FOOTBALL_CLUBS],
            "abbreviation": [club.code for club in FOOTBALL_CLUBS],
            "source": "simulation",
        }
    )


def is_simulation(root: Path) -> bool:
    """Return whether `root` is a mirror that `simulate` wrote."""
    return (root / TRUTH_FILE).is_file()


def read_truth(root: Path) -> pl.DataFrame:
    """Return the truth of the simulated mirror at `root`; raises InvalidValue where there is none."""
    path = root / TRUTH_FILE
    if not path.is_file():
        raise InvalidValue(f"no simulation in {root}", hint="write one with simulate()")
    games = json.loads(path.read_text(encoding="utf-8"))["games"]
    return pl.DataFrame(games).with_columns(
        pl.col("season").cast(pl.Int32), pl.col("starts_at").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC")
    )


def _football(now: datetime, seed: int, seasons: int) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    games = football_games(now=now, seed=seed, seasons=seasons)
    files = {
        "nfl/nflverse_games.csv.gz": nflverse_files.games_file(games, now=now, seed=seed),
        "nfl/nfelomarket_lines.csv.gz": nflverse_files.lines_file(games, now=now),
    }
    names = [club.code for club in FOOTBALL_CLUBS]
    return files, _truth("NFL", games, nflverse_files.game_ids(games), names)


def _soccer(now: datetime, seed: int, seasons: int) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    games = soccer_games(now=now, seed=seed, seasons=seasons)
    over = games.finished(now, EPL.game_duration)
    files = {}
    for season in games.table.filter(pl.Series(over))["season"].unique().sort().to_list():
        name = f"soccer/football-data/{football_data_files.DIVISION}_{season % 100:02d}{(season + 1) % 100:02d}.csv.gz"
        chosen = (games.table["season"] == season).to_numpy()
        files[name] = football_data_files.season_file(games.where(chosen), over[chosen], seed=seed)
    files["soccer/football-data/fixtures.csv"] = football_data_files.fixtures_file(games, now=now)
    listed = games.where(over | games.to_come(now, football_data_files.PRICED_AHEAD))
    return files, _truth("EPL", listed, football_data_files.external_ids(listed), SOCCER_CLUBS)


def _truth(code: str, games: SeasonGames, external_ids: list[str], names: Sequence[str]) -> pl.DataFrame:
    table = games.table
    return pl.DataFrame(
        {
            "league": [code] * table.height,
            "external_id": external_ids,
            "season": table["season"].cast(pl.Int32),
            "starts_at": table["starts_at"],
            "home": [names[club] for club in table["home"]],
            "away": [names[club] for club in table["away"]],
            **{name: table[name].round(6) for name in TRUTH_COLUMNS},
        }
    )


def _clear(root: Path) -> None:
    """Remove the files of an earlier simulation; refuse a folder that holds anything else."""
    marker = root / TRUTH_FILE
    if not marker.is_file():
        if root.exists() and any(root.iterdir()):
            raise InvalidValue(f"{root} holds files that are not a simulation", hint="name an empty or a new folder")
        return
    for name in json.loads(marker.read_text(encoding="utf-8"))["files"]:
        (root / name).unlink(missing_ok=True)


def _write_csv(path: Path, frame: pl.DataFrame) -> Path:
    text = frame.write_csv(line_terminator="\r\n" if "football-data" in path.parts else "\n").encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text, compresslevel=6, mtime=0) if path.suffix == ".gz" else text)
    return path


def _write_notice(root: Path) -> Path:
    path = root / "SIMULATED.txt"
    path.write_text(NOTICE + "\n", encoding="utf-8")
    return path


def _write_truth(root: Path, now: datetime, seed: int, truth: pl.DataFrame, files: list[str]) -> Path:
    """Write the truth; the list of files in it marks the folder as a simulation and says what may be replaced."""
    path = root / TRUTH_FILE
    starts = pl.col("starts_at").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    head = {"simulated": True, "notice": NOTICE, "seed": seed, "now": now.isoformat(), "files": files}
    games = truth.with_columns(starts).rows(named=True)
    lines = ",\n".join(json.dumps(game, ensure_ascii=False) for game in games)
    path.write_text(f'{json.dumps(head)[:-1]}, "games": [\n{lines}\n]}}\n', encoding="utf-8")
    return path
