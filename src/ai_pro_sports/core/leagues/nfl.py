"""National Football League."""

from datetime import timedelta

from ai_pro_sports.core.ids import BookKey, LeagueCode
from ai_pro_sports.core.leagues.league import Bounds, EloPriors, League, ScoreFamily, ScorePriors, Sport
from ai_pro_sports.core.market import MarketKind

NFL = League(
    code=LeagueCode("NFL"),
    name="National Football League",
    sport=Sport.FOOTBALL,
    team_pool="football/NFL",
    timezone="America/New_York",
    first_season=1999,
    season_starts_month=6,
    season_spans_years=False,
    score_family=ScoreFamily.KEY_NUMBER_MARGIN,
    markets=(MarketKind.MONEYLINE, MarketKind.SPREAD, MarketKind.TOTAL),
    bounds=Bounds(spread=30, total=(25, 75)),
    elo=EloPriors(k=20, home_advantage=48, carry_over=0.67),
    scores=ScorePriors(home_margin=2.2, margin_sd=13.2, total=44.0, total_sd=13.3),
    game_duration=timedelta(hours=3, minutes=45),
    full_game_includes_overtime=True,
    result_market=MarketKind.MONEYLINE,
    vig_method="multiplicative",
    sharp_books=(BookKey("pinnacle"),),
    provider_keys={
        "the_odds_api": "americanfootball_nfl",
        "espn": "football/nfl",
        "nflverse": "nfl",
    },
    playoff_rounds=("WC", "DIV", "CON", "SB"),
    covid_seasons=(2020,),
)
