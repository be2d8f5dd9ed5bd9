"""English clubs: every one that has played in the Premier League, and the names feeds use for it.

Keys are football-data.co.uk's short names; the pool is open, because its lower divisions bring clubs this table does
not list yet: such a club gets the id it would have here under that same short name. AFC Wimbledon is not Wimbledon.
"""

from __future__ import annotations

from ai_pro_sports.data.identity.clubs import Club, ClubTable

__all__ = ["SOCCER_ENG_CLUBS"]


def _club(key: str, name: str, abbreviation: str, *aliases: str) -> Club:
    """Return a club with the `FC` forms of its name added, which every second feed writes."""
    return Club(key, name, abbreviation, (*aliases, f"{name} FC", f"{name} AFC"))


SOCCER_ENG_CLUBS = ClubTable(
    pool="soccer/ENG",
    clubs=(
        _club("Arsenal", "Arsenal", "ARS", "Arsenal London"),
        _club("Aston Villa", "Aston Villa", "AVL", "Villa"),
        _club("Barnsley", "Barnsley", "BAR"),
        _club("Birmingham", "Birmingham City", "BIR"),
        _club("Blackburn", "Blackburn Rovers", "BLB"),
        _club("Blackpool", "Blackpool", "BLP"),
        _club("Bolton", "Bolton Wanderers", "BOL"),
        _club("Bournemouth", "AFC Bournemouth", "BOU", "Bournemouth FC"),
        _club("Bradford", "Bradford City", "BRD"),
        _club("Brentford", "Brentford", "BRE"),
        _club("Brighton", "Brighton & Hove Albion", "BHA", "Brighton and Hove Albion", "Brighton Hove Albion"),
        _club("Burnley", "Burnley", "BUR"),
        _club("Cardiff", "Cardiff City", "CDF"),
        _club("Charlton", "Charlton Athletic", "CHA"),
        _club("Chelsea", "Chelsea", "CHE"),
        _club("Coventry", "Coventry City", "COV"),
        _club("Crystal Palace", "Crystal Palace", "CRY"),
        _club("Derby", "Derby County", "DER"),
        _club("Everton", "Everton", "EVE"),
        _club("Fulham", "Fulham", "FUL"),
        _club("Huddersfield", "Huddersfield Town", "HUD"),
        _club("Hull", "Hull City", "HUL"),
        _club("Ipswich", "Ipswich Town", "IPS"),
        _club("Leeds", "Leeds United", "LEE", "Leeds Utd"),
        _club("Leicester", "Leicester City", "LEI"),
        _club("Liverpool", "Liverpool", "LIV"),
        _club("Luton", "Luton Town", "LUT"),
        _club("Man City", "Manchester City", "MCI", "Man. City"),
        _club("Man United", "Manchester United", "MUN", "Man Utd", "Manchester Utd"),
        _club("Middlesbrough", "Middlesbrough", "MID", "Boro"),
        _club("Newcastle", "Newcastle United", "NEW", "Newcastle Utd"),
        _club("Norwich", "Norwich City", "NOR"),
        _club("Nott'm Forest", "Nottingham Forest", "NFO", "Nottm Forest", "Nottingham", "Forest"),
        _club("Oldham", "Oldham Athletic", "OLD"),
        _club("Portsmouth", "Portsmouth", "POR"),
        _club("QPR", "Queens Park Rangers", "QPR"),
        _club("Reading", "Reading", "REA"),
        _club("Sheffield United", "Sheffield United", "SHU", "Sheffield Utd", "Sheff Utd"),
        _club("Sheffield Weds", "Sheffield Wednesday", "SHW", "Sheff Wed"),
        _club("Southampton", "Southampton", "SOU"),
        _club("Stoke", "Stoke City", "STK"),
        _club("Sunderland", "Sunderland", "SUN"),
        _club("Swansea", "Swansea City", "SWA"),
        _club("Swindon", "Swindon Town", "SWI"),
        _club("Tottenham", "Tottenham Hotspur", "TOT", "Spurs"),
        _club("Watford", "Watford", "WAT"),
        _club("West Brom", "West Bromwich Albion", "WBA", "West Bromwich"),
        _club("West Ham", "West Ham United", "WHU", "West Ham Utd"),
        _club("Wigan", "Wigan Athletic", "WIG"),
        _club("Wimbledon", "Wimbledon", "WIM"),
        _club("Wolves", "Wolverhampton Wanderers", "WOL", "Wolverhampton"),
        Club("AFC Wimbledon", "AFC Wimbledon", "AFW"),
    ),
)
