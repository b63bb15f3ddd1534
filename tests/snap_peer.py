"""Judges by GEOS what became of layers whose lines did not meet on the lattice.

Reads lines of `given TAB stored`: GeoJSON geometry collections of a multipolygon for each area, in steps of the lattice, the
parent of all others first. Stored areas must be valid, share their vertices, and make up their parent; no line of theirs may lie
further than STEPS from where it was given.

    snap_peer.py FILE STEPS
"""

import sys

import shapely


def judge(given, stored, steps):
    """What is wrong with the areas, if anything."""
    parent, *children = stored
    if not all(map(shapely.is_valid, stored)):
        return "invalid"
    if not shapely.coverage_is_valid(children):
        return "no coverage"
    if not shapely.equals(shapely.coverage_union_all(children), parent):
        return "the parent is not what its children are"
    for was, area in zip(given, stored):
        far = shapely.hausdorff_distance(shapely.boundary(was), shapely.boundary(area))
        if far > steps:
            return f"moved by {far} steps"
    return None


def main():
    n_right = 0
    for number, line in enumerate(open(sys.argv[1], encoding="utf-8")):
        given, stored = (list(shapely.from_geojson(text).geoms) for text in line.rstrip("\n").split("\t"))
        wrong = judge(given, stored, float(sys.argv[2]))
        if wrong:
            print(f"layer {number}: {wrong}")
        else:
            n_right += 1
    print(f"{n_right} layers right")
    sys.exit(0 if n_right == number + 1 else 1)


main()
