#!/usr/bin/env python3
"""Peers of the cell index outside its process: a PostGIS join and shapely's prepared STRtree.

Makes a seeded coverage like that of `benches/locate_index` (a honeycomb with ragged shared edges, about 146 vertices a
grid) and points like homes, and prints nanoseconds a point. The figures of gridmap at the same sizes are read from
target/bench/locate_batch.json; run `cargo bench --bench locate_index` right before. Writes the rows back into that file.

    benches/locate_peers.py [770] [70k]      needs shapely, psql, and a PostGIS cluster in GRIDMAP_TEST_POSTGRES
"""

import json
import os
import pathlib
import random
import subprocess
import sys
import time

import numpy
import shapely

SIZES = {"770": 28, "10k": 100, "70k": 265}
WIDTH = 0.012  # degrees from grid to grid
WEST, SOUTH = 103.0, 28.0
ASKED = {("70k", "postgis_join"): 450}  # times slower than gridmap, at least
FIGURES = pathlib.Path(__file__).parent.parent / "target/bench/locate_batch.json"


def place(u, v):
    return WEST + u * WIDTH, SOUTH + v * WIDTH * 0.866


def fractal(a, b, rng):
    """The line between two corners: midpoints shifted sideways, less at each level."""
    line, sway = [a, b], 0.11
    for _ in range(rng.choice((4, 5))):
        finer = []
        for (ax, ay), (bx, by) in zip(line, line[1:]):
            side = sway * rng.uniform(-1, 1)
            finer += [(ax, ay), ((ax + bx) / 2 - side * (by - ay), (ay + by) / 2 + side * (bx - ax))]
        line, sway = finer + [line[-1]], sway * 0.8
    return [(round(x, 7), round(y, 7)) for x, y in line]


def coverage(side, rng):
    """One polygon a grid; neighbours share their vertices."""
    def corner(k, j):
        up = 0.167 if k % 2 == j % 2 else -0.167
        return place(k / 2 + 0.1 * rng.uniform(-1, 1), j + up + 0.1 * rng.uniform(-1, 1))

    wide = 2 * side + 2
    corners = [[corner(k, j) for k in range(wide)] for j in range(side + 1)]
    east = [[fractal(row[k], row[k + 1], rng) for k in range(wide - 1)] for row in corners]
    north = [{k: fractal(corners[j][k], corners[j + 1][k], rng) for k in range(j % 2, wide, 2)} for j in range(side)]
    for j in range(side):
        for i in range(side):
            k = 2 * i + j % 2
            ring = east[j][k][:-1] + east[j][k + 1][:-1] + north[j][k + 2][:-1]
            ring += east[j + 1][k + 1][:0:-1] + east[j + 1][k][:0:-1] + north[j][k][:0:-1]
            yield shapely.Polygon(ring)


def homes(side, n, rng):
    """Three hamlets a grid, in an order that knows nothing of place."""
    points = []
    for _ in range(n):
        grid = rng.randrange(side * side)
        hamlet = random.Random(grid * 3 + rng.randrange(3))
        i, j = grid % side, grid // side
        u = 0.5 + i + 0.5 * (j % 2) + 0.3 * hamlet.uniform(-1, 1) + rng.gauss(0, 0.06)
        points.append(place(u, 0.5 + j + 0.3 * hamlet.uniform(-1, 1) + rng.gauss(0, 0.06)))
    return numpy.array(points)


def shapely_ns(polygons, points):
    """All points at once through the tree, which prepares what it asks; processor time, least of three."""
    tree = shapely.STRtree(polygons)
    shapely.prepare(polygons)
    least = float("inf")
    for _ in range(3):
        begun = time.process_time()
        tree.query(shapely.points(points), predicate="intersects")
        least = min(least, time.process_time() - begun)
    return least / len(points) * 1e9


def postgis_ns(polygons, points, url):
    """The join of all points to the grids over a GiST index; the server's own time, least of three."""
    def psql(script):
        command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "-v", "ON_ERROR_STOP=1", url]
        return subprocess.run(command, input=script, text=True, check=True, capture_output=True).stdout

    def lines(shapes):
        texts = shapely.to_wkb(shapely.set_srid(shapes, 4326), hex=True, include_srid=True)
        return "\n".join(f"{n}\t{text}" for n, text in enumerate(texts))

    rows, places = lines(polygons), lines(shapely.points(points))
    ask = ("explain (analyze, timing off, format json) select home_id, grid_id from peer.home "
           "join peer.grid on st_covers(boundary, position);")
    try:
        psql("create extension if not exists postgis; drop schema if exists peer cascade; create schema peer; "
             "create table peer.grid (grid_id int, boundary geometry(polygon, 4326)); "
             "create table peer.home (home_id int, position geometry(point, 4326));\n"
             f"copy peer.grid from stdin;\n{rows}\n\\.\ncopy peer.home from stdin;\n{places}\n\\.\n"
             "create index grid_boundary on peer.grid using gist (boundary); analyze peer.grid; analyze peer.home;")
        plan = "set max_parallel_workers_per_gather = 0; " + ask
        least = min(json.loads(psql(plan))[0]["Execution Time"] for _ in range(3))
    finally:
        psql("drop schema if exists peer cascade;")
    return least / len(points) * 1e6


def main():
    url = os.environ.get("GRIDMAP_TEST_POSTGRES")
    if not url:
        sys.exit("GRIDMAP_TEST_POSTGRES must name a PostGIS cluster: tests/postgres.sh run provides one")
    rows = json.loads(FIGURES.read_text())
    rows = [row for row in rows if row["peer"] not in ("shapely", "postgis_join")]
    for size in sys.argv[1:] or [size for size in ("770", "70k") if any(row["size"] == size for row in rows)]:
        ours = next((row["value"] for row in rows if row["size"] == size), None)
        if ours is None:
            sys.exit(f"no figure of {size} in {FIGURES}: run cargo bench --bench locate_index -- {size}")
        rng = random.Random(1)
        polygons = list(coverage(SIZES[size], rng))
        points = homes(SIZES[size], 100_000, rng)
        found = {"shapely": shapely_ns(polygons, points), "postgis_join": postgis_ns(polygons, points, url)}
        for peer, figure in found.items():
            asked = ASKED.get((size, peer))
            bar = f", at least {asked} asked: {'holds' if figure / ours >= asked else 'MISSES'}" if asked else ""
            print(f"locate_batch {size:>5} {ours:8.1f} ns   {peer:>12} {figure:10.1f} ns   ratio {figure / ours:8.1f}{bar}")
            rows.append({"name": "locate_batch", "size": size, "value": ours, "unit": "ns", "peer": peer,
                         "peer_value": figure, "ratio": figure / ours})
    FIGURES.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
