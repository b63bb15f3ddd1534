"""Judges by GEOS what gridmap says of areas, and what it would store of those it lets pass.

Reads lines of `faults TAB notes TAB given TAB stored`: the kinds of fault, how many notes, and GeoJSON geometry collections of a
multipolygon for each area (`stored` is empty where there are faults). Prints each line that is wrong, and how many were right.

    valid_peer.py FILE
"""

import collections
import itertools
import sys

import shapely

# What is said of ground between areas that none of them covers.
GAPS = {"gap", "sliver_gap", "shifted", "one_sided_simplification"}


def share_ground(areas):
    return any(shapely.area(shapely.intersection(a, b)) > 1e-9 for a, b in itertools.combinations(areas, 2))


def has_gap(areas):
    """Whether ground is enclosed that no area covers."""
    union = shapely.union_all(areas)
    faces = shapely.polygonize(shapely.get_parts([shapely.node(shapely.boundary(union))])).geoms
    return any(not shapely.covers(union, shapely.point_on_surface(face)) for face in faces)


def is_matched(areas):
    """Whether no vertex of an area lies inside an edge of another. (GEOS' own coverage_is_valid finds fault with a hole that
    touches its shell where the neighbour has a vertex.)"""
    corners = [{tuple(xy) for xy in shapely.get_coordinates(area)} for area in areas]
    for i, area in enumerate(areas):
        others = set().union(*(corners[:i] + corners[i + 1 :]))
        for ring in itertools.chain.from_iterable([p.exterior, *p.interiors] for p in area.geoms):
            for (ax, ay), (bx, by) in itertools.pairwise(ring.coords):
                for x, y in others - {(ax, ay), (bx, by)}:
                    within = min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by)
                    if within and (bx - ax) * (y - ay) == (by - ay) * (x - ax):
                        return False
    return True


def judge(faults, n_notes, given, stored):
    """How the areas came out, and what is wrong with that, if anything."""
    is_valid = [shapely.is_valid(area) for area in given]
    if faults:
        is_right = not all(is_valid) or share_ground(given) or (set(faults) <= GAPS and has_gap(given))
        return "refused", None if is_right else f"valid, and refused for {faults}"
    mended = [
        area if valid else shapely.make_valid(area, method="structure", keep_collapsed=False)
        for area, valid in zip(given, is_valid)
    ]
    how = "valid" if all(is_valid) else "mended"
    if not all(map(shapely.is_valid, stored)):
        return how, "stored invalid"
    if share_ground(stored):
        return how, "stored overlapping"
    if not is_matched(stored):
        return how, "stored with edges that do not match"
    if any(shapely.area(shapely.symmetric_difference(a, b)) > 1e-9 for a, b in zip(mended, stored)):
        return how, "stored as other ground"
    return how, "mended without a note" if how == "mended" and not n_notes else None


counts, wrong = collections.Counter(), collections.Counter()
for line in open(sys.argv[1]):
    faults, n_notes, given, stored = line.rstrip("\n").split("\t")
    areas = [list(shapely.from_geojson(text).geoms) if text else [] for text in (given, stored)]
    how, what = judge(faults.split(), int(n_notes), *areas)
    counts[how] += 1
    if what:
        wrong[what] += 1
        if wrong[what] <= 20:
            print(f"{what}: {'; '.join(area.wkt for area in areas[0])}, stored {'; '.join(area.wkt for area in areas[1])}")
print(f"{counts}, wrong: {dict(wrong)}")
sys.exit(bool(wrong))
