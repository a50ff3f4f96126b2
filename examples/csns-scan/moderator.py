#!/usr/bin/env python3
"""How many collisions slow a spallation neutron down in a moderator: a small Monte Carlo, one job of the scan.

A neutron of energy E keeps a fraction of it, uniform between alpha and 1, in each elastic collision with a nucleus of
mass number A, alpha = ((A - 1) / (A + 1))^2 (isotropic scattering in the centre of mass). It starts at 2 MeV and is
followed down to 0.025 eV.

Arguments: A, number of neutrons, seed. Writes `result.json` where it works.
"""

import json
import random
import sys

START_EV, THERMAL_EV = 2e6, 0.025


def collisions(mass: float, dice: random.Random) -> int:
    alpha = ((mass - 1) / (mass + 1)) ** 2
    energy, count = START_EV, 0
    while energy > THERMAL_EV:
        energy *= dice.uniform(alpha, 1)
        count += 1
    return count


def main() -> None:
    mass, neutrons, seed = float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    dice = random.Random(seed)
    counts = [collisions(mass, dice) for _ in range(neutrons)]
    with open("result.json", "w", encoding="utf-8") as file:
        json.dump({"mass": mass, "neutrons": neutrons, "mean_collisions": sum(counts) / neutrons}, file)
    print(f"A = {mass:g}: {sum(counts) / neutrons:.2f} collisions on average")


if __name__ == "__main__":
    main()
