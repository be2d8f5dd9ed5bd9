"""The clubs of the simulated leagues. Every name is invented: no reader can take a simulated table for a real one."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FOOTBALL_CLUBS", "SOCCER_CLUBS", "FootballClub"]


@dataclass(frozen=True, slots=True)
class FootballClub:
    """One side of the simulated football league: its three-letter code, its invented city and where it plays."""

    code: str
    city: str
    roof: str = "outdoors"

    @property
    def stadium(self) -> str:
        """Return the name of its ground.

        >>> FootballClub("ZZQ", "Zephyr Quay", "dome").stadium
        'Zephyr Quay Dome'
        """
        return f"{self.city} {'Dome' if self.roof == 'dome' else 'Field'}"


FOOTBALL_CLUBS: tuple[FootballClub, ...] = (
    FootballClub("ADM", "Aldermoor"),
    FootballClub("BWQ", "Brightwater Quay"),
    FootballClub("CHB", "Coldharrow Bay"),
    FootballClub("DRF", "Drummel Falls"),
    FootballClub("EMK", "Embermark"),
    FootballClub("FNL", "Fennlock"),
    FootballClub("GRH", "Granite Hollow"),
    FootballClub("HZT", "Hazelthorn", "dome"),
    FootballClub("IVD", "Ivendale"),
    FootballClub("JUN", "Junipero Mesa"),
    FootballClub("KLW", "Kelderwick"),
    FootballClub("LQT", "Lanquist"),
    FootballClub("MRV", "Marrowvale"),
    FootballClub("NXB", "Nexbury", "dome"),
    FootballClub("OKT", "Oakentarn"),
    FootballClub("PQS", "Pasqualine Sound"),
    FootballClub("QRY", "Quarryton"),
    FootballClub("RVH", "Ravenhythe"),
    FootballClub("SLT", "Saltmere Point"),
    FootballClub("TMB", "Tamberline"),
    FootballClub("UVL", "Umber Valley"),
    FootballClub("VSP", "Vesper City", "dome"),
    FootballClub("WLD", "Wildmarch"),
    FootballClub("XAN", "Xanthe Springs"),
    FootballClub("YRW", "Yarrowgate"),
    FootballClub("ZQY", "Zephyr Quay", "dome"),
    FootballClub("ARB", "Arborfall"),
    FootballClub("BLZ", "Blazing Fork"),
    FootballClub("CNY", "Cinder Canyon"),
    FootballClub("DSK", "Duskwater"),
    FootballClub("ELK", "Elkhollow"),
    FootballClub("FRS", "Frostholm"),
)
"""Thirty-two clubs in eight divisions of four, in order. No code is one the real league uses or used."""

SOCCER_CLUBS: tuple[str, ...] = (
    "Ashmarrow",
    "Brackwater",
    "Calderholt",
    "Dunmerrow",
    "Eastfenn Rovers",
    "Fallowmere",
    "Greyhythe",
    "Hartsquay",
    "Inglemoor",
    "Kestrelby",
    "Larkhollow",
    "Marlstead",
    "Northquarry",
    "Orrinside",
    "Penhollow",
    "Quillmouth",
    "Ravensgill Utd",
    "Saltbridge",
    "Thornwharf",
    "Umberley",
    "Vexford",
    "Wexcombe Vale",
    "Yewbarrow",
    "Zennorside",
    "Arkmouth Ath",
    "Bellgarth",
    "Copperhythe",
    "Dragonmoor",
)
"""Twenty-eight clubs: twenty in the division, eight below it waiting to come up."""
