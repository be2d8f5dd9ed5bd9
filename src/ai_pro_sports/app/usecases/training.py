"""Training: learn from what was known at a time, save the artefact with its checksum, put it on the shelf."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from ai_pro_sports.app.usecases.history import read_history
from ai_pro_sports.core.clock import Clock
from ai_pro_sports.core.errors import ArtefactDamaged, NothingToDo
from ai_pro_sports.core.leagues import League
from ai_pro_sports.core.market import EXHAUSTIVE_SIDES
from ai_pro_sports.data.store.database import Database
from ai_pro_sports.data.store.repositories.models import ModelStatus, TrainedModel
from ai_pro_sports.science.evaluation.comparison import Comparison, compare
from ai_pro_sports.science.evaluation.walk_forward import WalkForward, walk_forward
from ai_pro_sports.science.features import AsOfRule, History, build, catalogue_version, features_of, market_free
from ai_pro_sports.science.models.artefact import from_json, to_json
from ai_pro_sports.science.models.calibrated import CalibratedFitted
from ai_pro_sports.science.models.calibration import fit_calibrator
from ai_pro_sports.science.models.choice import score_model
from ai_pro_sports.science.models.forecaster import UNDECIDED, Fitted, Forecaster
from ai_pro_sports.science.pricing.consensus import closing_probabilities

__all__ = [
    "Learned",
    "ModelInUse",
    "ModelShelf",
    "closing_line",
    "forecaster_of",
    "learn",
    "training_frame",
]

BET_TYPE = "score"
NO_TIE_FEATURE = "situ_playoff_game"
MIN_TRAINING_SEASONS = 3
OUTDATED = timedelta(days=14)
"""How far a model may lie behind the newest known result before a forecast asks for a new one."""


@dataclass(frozen=True, slots=True)
class ModelInUse:
    """A fitted model ready to forecast, and how it is known on the shelf."""

    fitted: Fitted
    version: str
    trained_to: datetime | None
    metrics: Mapping[str, Any]
    is_new: bool

    @property
    def comparison(self) -> Mapping[str, Any] | None:
        """Return how the same forecaster did walk-forward beside the close when it was trained, None without closes."""
        found: Mapping[str, Any] | None = self.metrics.get("comparison")
        return found

    @property
    def caution(self) -> str | None:
        """Return what to bear in mind about the edges of a model that does not beat the closing line, else None."""
        if self.comparison is None:
            return "This model has not been judged beside a closing line: do not trust an edge it sees."
        gap = self.comparison["differences"]["model - close"]["log_loss"]
        if gap["low"] <= 0:
            return None
        return (
            f"On {gap['n']:,} games this model stands {gap['value']:.4f} nats of log loss behind the closing line: "
            "an edge it sees is more often its own error than the market's."
        )


@dataclass(frozen=True)
class Learned:
    """What one training run made: the model fitted on everything, and the walk-forward that judged its forecaster."""

    fitted: CalibratedFitted
    games: int
    trained_from: datetime
    trained_to: datetime
    comparison: Comparison | None


def forecaster_of(declared: League) -> Forecaster:
    """Return the league's score model on its market-free features, calibrated on its own out-of-fold forecasts."""
    names = [feature.name for feature in market_free(declared)]
    no_tie = NO_TIE_FEATURE if NO_TIE_FEATURE in names else None
    return score_model(declared, names, no_tie_feature=no_tie)


def training_frame(declared: League, history: History, cutoff_minutes: int) -> pl.DataFrame:
    """Return one row per finished game: facts, scores, and features each as of `cutoff_minutes` before its start."""
    finals = history.games.filter(pl.col("status") == "final", pl.col("result_known_at").is_not_null())
    if finals.is_empty() and history.games.is_empty():
        raise NothingToDo(f"no {declared.code} games in the store", hint=f"run: aips data backfill {declared.code}")
    if finals.is_empty():
        first = history.games["starts_at"].min()
        raise NothingToDo(
            f"no {declared.code} results were known by then; the first game is of {first:%Y-%m-%d}",
            hint="ask for a later time",
        )
    features = build(history, finals, AsOfRule(timedelta(minutes=cutoff_minutes)))
    facts = finals.select("game_id", "season", "starts_at", "home_score", "away_score")
    joined: pl.DataFrame = facts.join(features, on="game_id", how="inner", maintain_order="left")
    return joined


def learn(declared: League, history: History, books: Collection[str], *, cutoff_minutes: int) -> Learned:
    """Walk forward over the seasons known, calibrate on what that forecast unseen, then fit on everything.

    The comparison with the close is missing where too few seasons or no closing prices are at hand.
    """
    # One thread per fit: the small matrices here gain nothing from more, and BLAS threads that wait for each other on a
    # busy machine have been seen to make a fit twenty times slower.
    with threadpool_limits(limits=1):
        return _learn(declared, history, books, training_frame(declared, history, cutoff_minutes))


def _learn(declared: League, history: History, books: Collection[str], frame: pl.DataFrame) -> Learned:
    forecaster = forecaster_of(declared)
    try:
        walk = walk_forward(forecaster, frame, min_training=MIN_TRAINING_SEASONS)
    except NothingToDo:
        sides = len(EXHAUSTIVE_SIDES[forecaster.result_market])
        calibrator, comparison = fit_calibrator(np.empty((0, sides)), np.empty(0, dtype=np.intp), method="none"), None
    else:
        decided = walk.games.filter(pl.col("outcome") != UNDECIDED)
        unseen = decided.select(f"raw_{side}" for side in walk.sides).to_numpy()
        calibrator = fit_calibrator(unseen, decided["outcome"].to_numpy().astype(np.intp))
        comparison = _beside_the_close(declared, history, walk, books)
    return Learned(
        fitted=CalibratedFitted(forecaster.fit(frame), calibrator),
        games=frame.height,
        trained_from=frame["starts_at"].min(),  # type: ignore[arg-type]
        trained_to=frame["starts_at"].max(),  # type: ignore[arg-type]
        comparison=comparison,
    )


def closing_line(declared: League, history: History, books: Collection[str]) -> pl.DataFrame:
    """Return the fair closing probabilities of the result market of every game that has them.

    They are those of the league's sharp books, else of all `books` together.
    """
    return closing_probabilities(
        history.quotes,
        history.games,
        declared.result_market,
        declared.vig_method,
        books=books,
        sharp_books=declared.sharp_books,
    )


def _beside_the_close(
    declared: League, history: History, walk: WalkForward, books: Collection[str]
) -> Comparison | None:
    try:
        return compare(walk, closing_line(declared, history, books))
    except NothingToDo:
        return None


def _has_learned_all(model: TrainedModel, finals: pl.Series) -> bool:
    """Return whether a model learned from exactly the games known up to its last one, and that one is recent.

    `finals` are the starts of the results known. A model with more games has seen a result that was not known yet,
    though its game had begun; one with fewer learned from a store that held less.
    """
    if model.trained_to is None or finals.is_empty() or model.trained_to < finals.max() - OUTDATED:  # type: ignore[operator]
        return False
    return model.metrics.get("games") == finals.filter(finals <= model.trained_to).len()


def _write(path: Path, text: str) -> None:
    """Write a file whole: readers see the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    incoming = path.with_suffix(".incoming")
    incoming.write_bytes(text.encode())
    incoming.replace(path)


@dataclass(frozen=True, slots=True)
class ModelShelf:
    """Models on disk (`folder`) and in the registry. Features are cut `cutoff_minutes` before each start."""

    folder: Path
    clock: Clock
    cutoff_minutes: int

    async def fresh(self, database: Database, declared: League, as_of: datetime) -> ModelInUse:
        """Return a model that knows nothing later than `as_of` and little less, training one where none is there.

        Raises NothingToDo without results and ArtefactDamaged for a stored model that no longer matches its checksum.
        """
        history = await read_history(database, declared, as_of)
        finals = history.games.filter(pl.col("status") == "final")["starts_at"]
        async with database.unit_of_work() as work:
            shelved = await work.models.list(declared.code)
        wanted = catalogue_version(features_of(declared))
        usable = [
            model
            for model in shelved
            if model.bet_type == BET_TYPE
            and model.catalogue_version == wanted
            and model.params.get("cutoff_minutes") == self.cutoff_minutes
            and _has_learned_all(model, finals)
        ]
        if usable:
            best = max(usable, key=lambda model: (model.trained_to, model.created_at))
            return ModelInUse(self.load(best), best.version, best.trained_to, best.metrics, is_new=False)
        return await self._train_on(database, declared, history, as_of)

    async def train(self, database: Database, declared: League, as_of: datetime) -> ModelInUse:
        """Train on everything known at `as_of`, save and register the model, and promote it if it is the newest."""
        return await self._train_on(database, declared, await read_history(database, declared, as_of), as_of)

    def load(self, model: TrainedModel) -> Fitted:
        """Return the model of a registry row; raises ArtefactDamaged where the file is gone or not the same."""
        path = self.folder / model.artefact_path
        try:
            body = path.read_bytes()
        except FileNotFoundError:
            raise ArtefactDamaged(f"the artefact of {model.version} is gone: {path}", hint="train it again") from None
        if hashlib.sha256(body).hexdigest() != model.artefact_sha256:
            raise ArtefactDamaged(f"the artefact of {model.version} was changed: {path}", hint="train it again")
        return from_json(body.decode())

    async def _train_on(self, database: Database, declared: League, history: History, as_of: datetime) -> ModelInUse:
        async with database.unit_of_work() as work:
            books = (await work.books.frame()).filter("is_bettable")["book"].to_list()
        learned = learn(declared, history, books, cutoff_minutes=self.cutoff_minutes)
        text = to_json(learned.fitted)
        digest = hashlib.sha256(text.encode()).hexdigest()
        path = Path(declared.code.lower()) / f"{digest[:16]}.json"
        _write(self.folder / path, text)
        model = TrainedModel(
            league=declared.code,
            name=learned.fitted.base.kind,
            version=f"v{learned.trained_to:%Y-%m-%d}-{declared.code.lower()}-{BET_TYPE}-{digest[:8]}",
            framework="ai_pro_sports",
            artefact_path=str(path),
            artefact_sha256=digest,
            catalogue_version=catalogue_version(features_of(declared)),
            created_at=self.clock.now(),
            trained_from=learned.trained_from,
            trained_to=learned.trained_to,
            metrics={"games": learned.games, "comparison": learned.comparison and learned.comparison.as_dict()},
            params={
                "features": list(learned.fitted.features),
                "calibration": learned.fitted.calibrator.method,
                "cutoff_minutes": self.cutoff_minutes,
                "as_of": as_of.isoformat(),
            },
            bet_type=BET_TYPE,
        )
        await self._register(database, declared, model)
        return ModelInUse(learned.fitted, model.version, model.trained_to, model.metrics, is_new=True)

    async def _register(self, database: Database, declared: League, model: TrainedModel) -> None:
        async with database.unit_of_work() as work:
            known = {one.version: one for one in await work.models.list(declared.code)}
            if model.version not in known:
                await work.models.add(declared, model)
            in_use = await work.models.production(declared.code, bet_type=BET_TYPE)
            newest = in_use is None or in_use.trained_to is None or in_use.trained_to <= model.trained_to  # type: ignore[operator]
            if newest and model.status is ModelStatus.CANDIDATE:
                await work.models.promote(model.id)
