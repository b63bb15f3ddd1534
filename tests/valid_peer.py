"""Judges by GEOS what gridmap says of polygons, and what it would store of those it lets pass.

Reads lines of `faults TAB notes TAB given TAB stored`, the last two GeoJSON geometries (`stored` is empty where there are
faults), and prints each line that is wrong, and how many were right.

    valid_peer.py FILE
"""

import sys

import numpy
import shapely

faults, notes, given, stored = (numpy.array(column) for column in zip(*(line.rstrip("\n").split("\t") for line in open(sys.argv[1]))))
faults, notes = faults.astype(int), notes.astype(int)
shapes = shapely.from_geojson(given)
passed = faults == 0
is_valid = shapely.is_valid(shapes)

ours = shapely.from_geojson(numpy.where(passed, stored, '{"type":"Polygon","coordinates":[]}'))
mended = passed & ~is_valid
theirs = shapes.copy()
theirs[mended] = shapely.make_valid(shapes[mended], method="structure", keep_collapsed=False)
theirs[~passed] = None
theirs[~shapely.is_valid(ours)] = None  # said as such below, and no overlay takes them
differs = shapely.area(shapely.symmetric_difference(ours, theirs)) > 1e-9
wrong = {
    "valid, and refused": is_valid & ~passed,
    "stored invalid": passed & ~shapely.is_valid(ours),
    "stored other ground": passed & differs,
    "mended without a note": mended & (notes == 0),
}
for what, where in wrong.items():
    for index in numpy.flatnonzero(where)[:20]:
        reason = shapely.is_valid_reason(shapes[index])
        print(f"{what}: {shapes[index].wkt} ({reason}); stored {stored[index]}")
    if where.any():
        print(f"{what}: {where.sum()}")
print(f"{len(faults)} judged: {is_valid.sum()} valid, {mended.sum()} mended, {(~passed).sum()} refused")
sys.exit(any(where.any() for where in wrong.values()))
