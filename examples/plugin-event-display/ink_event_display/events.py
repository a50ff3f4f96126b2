"""Events of a cube of crystals, and a small simulation of them.

The cube has 21 x 21 x 21 crystals of LYSO, 3 cm each; particles enter from above (z = 0) near the middle. Energies are
in GeV, lengths in cm.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

CRYSTALS = 21
CRYSTAL_CM = 3.0
RADIATION_LENGTH_CM = 1.14
MOLIERE_RADIUS_CM = 2.07
CRITICAL_ENERGY_GEV = 0.0096
MUON_GEV_PER_CRYSTAL = 0.028
SCALE = 0.5
"""`b` of the longitudinal profile of a shower."""
POINTS = 4000
THRESHOLD_GEV = 0.002

Index = Annotated[int, Field(ge=0, lt=CRYSTALS)]
Hit = tuple[Index, Index, Index, Annotated[float, Field(ge=0, le=1e6)]]
Crystal = tuple[int, int, int]


class Event(BaseModel):
    """`hits` are x, y, z of the crystal and the energy in it."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=100)
    energy_gev: float = Field(gt=0, le=1e6)
    hits: list[Hit] = Field(max_length=CRYSTALS**3)


class EventFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    events: list[Event] = Field(max_length=200)


def simulated(count: int, seed: int) -> EventFile:
    """Electrons and muons by turns; the same seed gives the same events."""
    dice = random.Random(seed)
    return EventFile(events=[(electron if number % 2 == 0 else muon)(dice) for number in range(count)])


def electron(dice: random.Random) -> Event:
    """A shower with the longitudinal profile of PDG's review "Passage of particles through matter": a gamma
    distribution in radiation lengths with its maximum at ln(E / Ec) - 0.5. Of its energy 90 % is within the Molière
    radius, here falling off exponentially with the distance to the axis.
    """
    energy = round(10 ** dice.uniform(0.5, 2.5), 1)
    maximum = math.log(energy / CRITICAL_ENERGY_GEV) - 0.5
    at = _axis(dice)
    deposits: Counter[Crystal] = Counter()
    for _ in range(POINTS):
        depth = dice.gammavariate(1 + SCALE * maximum, 1 / SCALE) * RADIATION_LENGTH_CM
        radius = dice.expovariate(math.log(10) / MOLIERE_RADIUS_CM)
        angle = dice.uniform(0, 2 * math.pi)
        x, y = at(depth)
        deposits[_crystal(x + radius * math.cos(angle), y + radius * math.sin(angle), depth)] += 1
    shares = {crystal: energy * points / POINTS for crystal, points in deposits.items()}
    return _event(f"electron, {energy} GeV", energy, shares)


def muon(dice: random.Random) -> Event:
    """A straight track that leaves the energy of a minimum ionising particle in each crystal, with some spread."""
    energy = round(10 ** dice.uniform(0.5, 2.5), 1)
    at = _axis(dice)
    track: dict[Crystal, float] = {}
    for layer in range(CRYSTALS):
        depth = (layer + 0.5) * CRYSTAL_CM
        track[_crystal(*at(depth), depth)] = MUON_GEV_PER_CRYSTAL * dice.uniform(0.8, 1.5)
    return _event(f"muon, {energy} GeV", energy, track)


def _axis(dice: random.Random) -> Callable[[float], tuple[float, float]]:
    """Where a particle is at a depth: it enters near the middle, a little askew."""
    middle = CRYSTALS * CRYSTAL_CM / 2
    x, y = dice.uniform(middle - 12, middle + 12), dice.uniform(middle - 12, middle + 12)
    slope_x, slope_y = dice.uniform(-0.3, 0.3), dice.uniform(-0.3, 0.3)
    return lambda depth: (x + slope_x * depth, y + slope_y * depth)


def _crystal(x: float, y: float, z: float) -> Crystal:
    return math.floor(x / CRYSTAL_CM), math.floor(y / CRYSTAL_CM), math.floor(z / CRYSTAL_CM)


def _event(name: str, energy: float, deposits: dict[Crystal, float]) -> Event:
    """What leaves the cube, or is too small to be seen, is lost."""
    inside = range(CRYSTALS)
    hits = [
        (*crystal, round(gev, 4))
        for crystal, gev in sorted(deposits.items())
        if gev >= THRESHOLD_GEV and all(number in inside for number in crystal)
    ]
    return Event(name=name, energy_gev=energy, hits=hits)
