"""Invented rows in the feeds' own formats: small files of every era, written here and nowhere copied from."""

# ruff: noqa: E501  rows stand as the feeds write them

from __future__ import annotations

from datetime import UTC, datetime

from ai_pro_sports.core.leagues import league
from ai_pro_sports.data.sources.football_data_divisions import FootballDataDivisions
from ai_pro_sports.data.sources.football_data_fixtures import FootballDataFixtures
from ai_pro_sports.data.sources.nfelomarket_lines import NfelomarketLines
from ai_pro_sports.data.sources.nflverse_games import NflverseGames
from ai_pro_sports.data.sources.source import Parsed, RawItem

LATER = datetime(2030, 6, 1, 12, tzinfo=UTC)
"""A fetch long after every invented game, unless a test says otherwise."""

NFLVERSE_HEADER = (
    "game_id,season,game_type,week,gameday,weekday,gametime,away_team,away_score,home_team,home_score,location,result,"
    "total,overtime,old_game_id,away_moneyline,home_moneyline,spread_line,away_spread_odds,home_spread_odds,total_line,"
    "under_odds,over_odds"
)
NFLVERSE_1999 = "1999_03_NE_MIA,1999,REG,3,1999-09-26,Sunday,,NE,17,MIA,20,Home,3,37,0,1,,,3.5,,,41,,"
NFLVERSE_2015 = (
    "2015_04_OAK_SD,2015,REG,4,2015-10-04,Sunday,16:05,OAK,21,SD,27,Home,6,48,0,2,180,-210,4.5,-105,-115,44.5,-108,-112"
)
NFLVERSE_TIE = (
    "2016_08_WAS_CIN,2016,REG,8,2016-10-30,Sunday,09:30,WAS,27,CIN,27,Neutral,0,54,1,3,"
    "130,-150,3,-110,-110,47,-110,-110"
)
NFLVERSE_FINAL = "2022_22_KC_PHI,2022,SB,22,2023-02-12,Sunday,18:30,KC,38,PHI,35,Neutral,-3,73,0,4,-105,-115,1,-110,-110,51,-110,-110"
NFLVERSE_COMING = (
    "2029_01_SEA_SF,2029,REG,1,2029-09-09,Sunday,16:25,SEA,,SF,,Home,,,,5,240,-300,6.5,-110,-110,45.5,-105,-115"
)


def nflverse_csv(*rows: str, header: str = NFLVERSE_HEADER) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def parse_nflverse(body: bytes, fetched_at: datetime = LATER) -> Parsed:
    source = NflverseGames()
    [item] = source.items(league("NFL"), [2022])
    return source.parse(item, body, fetched_at)


NFELO_HEADER = (
    ",game_id,season,week,home_team,away_team,home_spread_open,home_spread_open_price,away_spread_open_price,"
    "home_spread_open_source,home_spread_last,home_spread_last_price,away_spread_last_price,home_spread_last_source,"
    "home_ml_open,away_ml_open,home_ml_last,away_ml_last,total_line_open,under_price_open,over_price_open,"
    "total_line_last,under_price_last,over_price_last"
)
NFELO_1999 = "0,1999_03_NE_MIA,1999,3,MIA,NE,-3.5,,,legacy,-3.5,,,legacy,,,,,,,,41.0,,"
NFELO_2015 = (
    "1,2015_04_OAK_LAC,2015,4,LAC,OAK,-6.0,-110.0,-110.0,legacy,-4.5,-112.0,-108.0,legacy,,,-210.0,180.0,,,,"
    "44.5,-108.0,-112.0"
)


def nfelo_csv(*rows: str, header: str = NFELO_HEADER) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def parse_nfelo(body: bytes) -> Parsed:
    source = NfelomarketLines()
    [item] = source.items(league("NFL"), [2022])
    return source.parse(item, body, LATER)


DIVISION_1993 = b"""Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,,,\r\r
E0,14/08/93,Arsenal,Oldham,2,1,H,,,\r\r
E0,02/01/94,Oldham,Arsenal,0,0,D\r\r
,,,,,,,,,\r\r
"""
DIVISION_2000 = b"""Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,HTHG,HTAG,HTR,Referee,HS,AS,HHW,AHW,HBP,ABP,GBH,GBD,GBA,SYH,SYD,SYA
E0,19/08/00,Leeds,Bradford,3,0,H,1,0,H,"Wiley, A. G.",11,4,1,0,10,20,1.4,4,7,1.44,4.1,6.5
"""
DIVISION_2003 = b"""Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A,GBH,GBD,GBA,GB>2.5,GB<2.5,B365>2.5,B365<2.5,GBAHH,GBAHA,GBAH,LBAHH,LBAHA,LBAH,B365AHH,B365AHA,B365AH
E0,16/08/03,Fulham,Boro,1,1,D,2.1,3.25,3.4,2.15,3.2,3.3,2,1.75,2.05,1.8,1.9,1.95,-0.25,1.88,1.98,-0.25,1.825,2.025,"0,-0.5"
"""
DIVISION_2005 = b"""Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A,VCH,VCD,VCA,Bb1X2,BbMxH,BbAvH,BbMxD,BbAvD,BbMxA,BbAvA,BbOU,BbMx>2.5,BbAv>2.5,BbMx<2.5,BbAv<2.5,BbAH,BbAHh,BbMxAHH,BbAvAHH,BbMxAHA,BbAvAHA
E0,13/08/05,Wigan,Chelsea,0,1,A,7,4,1.5,7,3.8,1.53,50,8,7.2,4.2,3.9,1.57,1.5,40,2.1,2,1.85,1.8,20,1,1.95,1.9,2.02,1.95
"""
DIVISION_2012 = b"""Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,PSH,PSD,PSA,PSCH,PSCD,PSCA
E0,18/08/12,Swansea,QPR,5,0,H,2.5,3.3,3.05,2.4,3.35,3.2
"""
DIVISION_2019 = b"""\xef\xbb\xbfDiv,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A,PSH,PSD,PSA,MaxH,MaxD,MaxA,AvgH,AvgD,AvgA,B365>2.5,B365<2.5,P>2.5,P<2.5,AHh,B365AHH,B365AHA,PAHH,PAHA,B365CH,B365CD,B365CA,PSCH,PSCD,PSCA,MaxCH,MaxCD,MaxCA,AvgCH,AvgCD,AvgCA,PC>2.5,PC<2.5,AHCh,PCAHH,PCAHA
E0,09/08/2019,20:00,Liverpool,Norwich,4,1,H,1.14,9,19,1.15,9.59,18,1.17,10,21,1.14,8.8,18,1.4,3,1.41,3.1,-2.25,1.96,1.94,1.97,1.95,1.14,9.5,21,1.14,10.4,19.6,1.16,11,23,1.14,9.5,19,1.34,3.44,-2.5,1.94,1.98
E0,26/07/2020,16:00,Norwich,Liverpool,0,2,A,8,5.5,1.36,8.2,5.6,1.37,8.8,6,1.4,8,5.4,1.36,1.4,3,1.42,3.05,1.5,1.9,2,1.92,2,8.5,5.5,1.35,8.9,5.6,1.35,9.5,6,1.38,8.6,5.5,1.35,1.4,3.1,1.5,1.97,1.95
"""
DIVISION_2025 = b"""\xef\xbb\xbfDiv,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,BFDH,BFDD,BFDA,BVH,BVD,BVA,BFEH,BFED,BFEA,BFE>2.5,BFE<2.5,AHh,BFEAHH,BFEAHA,NEWH,NEWD,NEWA,BVCH,BVCD,BVCA,NEWCH,NEWCD,NEWCA
E0,15/08/2025,20:00,Leeds,Fulham,1,0,H,2.3,3.4,3,2.3,3.5,3,2.34,3.6,3.25,1.98,2.0,-0.25,2.02,1.94,2.25,3.4,3.1,2.25,3.5,3.1,2.2,3.4,3.2
"""


def division_item(season: int) -> RawItem:
    [item] = FootballDataDivisions().items(league("EPL"), [season])
    return item


def parse_division(body: bytes, season: int, fetched_at: datetime = LATER) -> Parsed:
    return FootballDataDivisions().parse(division_item(season), body, fetched_at)


FIXTURES = b"""\xef\xbb\xbfDiv,Date,Time,HomeTeam,AwayTeam,Referee,B365H,B365D,B365A,AvgH,AvgD,AvgA,B365>2.5,B365<2.5,AHh,B365AHH,B365AHA,B365CH,B365CD,B365CA
SC0,16/08/2025,15:00,Celtic,Hibernian,,1.3,5.5,9,1.3,5.4,8.9,1.6,2.3,-1.5,1.9,2,,,
E0,16/08/2025,12:30,Aston Villa,Newcastle,,2.25,3.5,2.9,2.3,3.55,2.95,1.62,2.3,-0.25,2.02,1.88,,,
E0,17/08/2025,16:30,Man United,Arsenal,,3.6,3.6,2,3.55,3.6,2.02,1.7,2.15,0.5,1.9,2,3.6,3.6,2
"""


def parse_fixtures(body: bytes, fetched_at: datetime) -> Parsed:
    source = FootballDataFixtures()
    [item] = source.items(league("EPL"), [2025])
    return source.parse(item, body, fetched_at)


def accounted(parsed: Parsed) -> bool:
    """Return whether every data row of the payload ended somewhere."""
    return parsed.rows == parsed.games.height + parsed.blank + parsed.elsewhere + parsed.rejected_rows
