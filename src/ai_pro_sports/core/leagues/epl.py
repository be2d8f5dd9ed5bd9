"""English Premier League."""

from datetime import timedelta

from ai_pro_sports.core.ids import BookKey, LeagueCode
from ai_pro_sports.core.leagues.league import Bounds, EloPriors, League, ScoreFamily, ScorePriors, Sport
from ai_pro_sports.core.market import MarketKind

EPL = League(
    code=LeagueCode("EPL"),
    name="English Premier League",
    sport=Sport.SOCCER,
    team_pool="soccer/ENG",
    timezone="Europe/London",
    first_season=1993,
    season_starts_month=7,
    season_spans_years=True,
    score_family=ScoreFamily.GOAL_GRID,
    markets=(MarketKind.THREE_WAY, MarketKind.SPREAD, MarketKind.TOTAL),
    bounds=Bounds(spread=6, total=(0.5, 8.5)),
    elo=EloPriors(k=20, home_advantage=65, carry_over=0.8),
    scores=ScorePriors(home_margin=0.35, margin_sd=1.6, total=2.65, total_sd=1.65),
    game_duration=timedelta(hours=2),
    full_game_includes_overtime=False,
    result_market=MarketKind.THREE_WAY,
    vig_method="power",
    sharp_books=(BookKey("pinnacle"),),
    provider_keys={
        "the_odds_api": "soccer_epl",
        "espn": "soccer/eng.1",
        "football_data_org": "PL",
        "football_data_co_uk": "E0",
    },
    covid_seasons=(2019, 2020),
)
