"""The 32 NFL franchises. Keys are nflverse's present codes; a franchise keeps its id when it moves or is renamed.

Codes that changed: OAK -> LV (2020), SD -> LAC (2017), STL -> LA (2016). Others write LAR for LA, LVR for LV, WSH for
WAS, JAC for JAX, ARZ for ARI, and use one code for every year.
"""

from __future__ import annotations

from ai_pro_sports.data.identity.clubs import Club, ClubTable

__all__ = ["NFL_CLUBS"]

NFL_CLUBS = ClubTable(
    pool="football/NFL",
    closed=True,
    clubs=(
        Club(
            "ARI",
            "Arizona Cardinals",
            "ARI",
            ("ARZ", "PHX", "PHO", "Cardinals", "Arizona", "Phoenix Cardinals", "St. Louis Cardinals"),
        ),
        Club("ATL", "Atlanta Falcons", "ATL", ("Falcons", "Atlanta")),
        Club("BAL", "Baltimore Ravens", "BAL", ("BLT", "Ravens", "Baltimore")),
        Club("BUF", "Buffalo Bills", "BUF", ("Bills", "Buffalo")),
        Club("CAR", "Carolina Panthers", "CAR", ("Panthers", "Carolina")),
        Club("CHI", "Chicago Bears", "CHI", ("Bears", "Chicago")),
        Club("CIN", "Cincinnati Bengals", "CIN", ("Bengals", "Cincinnati")),
        Club("CLE", "Cleveland Browns", "CLE", ("CLV", "Browns", "Cleveland")),
        Club("DAL", "Dallas Cowboys", "DAL", ("Cowboys", "Dallas")),
        Club("DEN", "Denver Broncos", "DEN", ("Broncos", "Denver")),
        Club("DET", "Detroit Lions", "DET", ("Lions", "Detroit")),
        Club("GB", "Green Bay Packers", "GB", ("GNB", "Packers", "Green Bay")),
        Club("HOU", "Houston Texans", "HOU", ("HST", "Texans", "Houston")),
        Club("IND", "Indianapolis Colts", "IND", ("CLT", "Colts", "Indianapolis", "Baltimore Colts")),
        Club("JAX", "Jacksonville Jaguars", "JAX", ("JAC", "Jaguars", "Jacksonville")),
        Club("KC", "Kansas City Chiefs", "KC", ("KAN", "Chiefs", "Kansas City")),
        Club("LA", "Los Angeles Rams", "LA", ("LAR", "STL", "SL", "RAM", "Rams", "St. Louis Rams")),
        Club("LAC", "Los Angeles Chargers", "LAC", ("SD", "SDG", "Chargers", "San Diego Chargers", "San Diego")),
        Club(
            "LV",
            "Las Vegas Raiders",
            "LV",
            ("LVR", "OAK", "RAI", "Raiders", "Las Vegas", "Oakland", "Oakland Raiders", "Los Angeles Raiders"),
        ),
        Club("MIA", "Miami Dolphins", "MIA", ("Dolphins", "Miami")),
        Club("MIN", "Minnesota Vikings", "MIN", ("Vikings", "Minnesota")),
        Club("NE", "New England Patriots", "NE", ("NWE", "Patriots", "New England", "Boston Patriots")),
        Club("NO", "New Orleans Saints", "NO", ("NOR", "Saints", "New Orleans")),
        Club("NYG", "New York Giants", "NYG", ("Giants", "NY Giants")),
        Club("NYJ", "New York Jets", "NYJ", ("Jets", "NY Jets")),
        Club("PHI", "Philadelphia Eagles", "PHI", ("Eagles", "Philadelphia")),
        Club("PIT", "Pittsburgh Steelers", "PIT", ("Steelers", "Pittsburgh")),
        Club("SEA", "Seattle Seahawks", "SEA", ("Seahawks", "Seattle")),
        Club("SF", "San Francisco 49ers", "SF", ("SFO", "49ers", "San Francisco")),
        Club("TB", "Tampa Bay Buccaneers", "TB", ("TAM", "Buccaneers", "Tampa Bay")),
        Club(
            "TEN",
            "Tennessee Titans",
            "TEN",
            ("OTI", "Titans", "Tennessee", "Tennessee Oilers", "Houston Oilers"),
        ),
        Club(
            "WAS",
            "Washington Commanders",
            "WAS",
            ("WSH", "Commanders", "Washington", "Washington Football Team", "Washington Redskins"),
        ),
    ),
)
