"""Judges polygons of tiles by GEOS. Reads a JSON list of polygons a line, each a list of rings, and prints those that are not
valid or have no area, and how many there were.

    tile_peer.py FILE
"""

import json
import sys

import shapely

n = 0
with open(sys.argv[1], encoding="utf-8") as lines:
    for line in lines:
        for rings in json.loads(line):
            n += 1
            polygon = shapely.Polygon(rings[0], rings[1:])
            if not polygon.is_valid or polygon.area == 0:
                print("wrong:", shapely.is_valid_reason(polygon), polygon.wkt[:300])
print(n)
