#!/usr/bin/env python3
"""Writes Arrow streams and Parquet files, and reads answers back, with pyarrow: the reader and writer others use.

    arrow_peer.py make HOUSES.csv FOLDER      homes.arrows, homes.arrow, homes.parquet, homes-zstd.parquet
    arrow_peer.py compare ANSWERS.csv FILE... each FILE says in every cell what the CSV says
"""

import csv
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet


def make(houses: str, folder: Path) -> None:
    table = pyarrow.csv.read_csv(houses)
    # Small batches and row groups, so that more than one of each is read.
    with pa.ipc.new_stream(folder / "homes.arrows", table.schema) as stream:
        stream.write_table(table, max_chunksize=11_111)
    with pa.ipc.new_file(folder / "homes.arrow", table.schema) as file:
        file.write_table(table, max_chunksize=11_111)
    pyarrow.parquet.write_table(table, folder / "homes.parquet", row_group_size=12_345)
    pyarrow.parquet.write_table(table, folder / "homes-zstd.parquet", compression="zstd")


def read(path: Path) -> pa.Table:
    if path.suffix == ".parquet":
        return pyarrow.parquet.read_table(path)
    with pa.ipc.open_stream(path) as stream:
        table = stream.read_all()
    table.validate(full=True)
    return table


def text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return repr(cell).removesuffix(".0")
    return str(cell)


def compare(answers: Path, files: list[Path]) -> None:
    with answers.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        header, expected = next(rows), list(rows)
    for path in files:
        table = read(path)
        assert table.column_names == header, (path.name, table.column_names, header)
        assert table.num_rows == len(expected), (path.name, table.num_rows, len(expected))
        # Numbers of the source are compared as numbers: 103.3740 and 103.374 are the same.
        given = {"lon", "lat", "residents"}
        for at, name in enumerate(header):
            for row, cell in enumerate(table.column(name).to_pylist()):
                said = expected[row][at]
                same = float(said) == cell if name in given else text(cell) == said
                assert same, (path.name, name, row + 1, cell, said)
        print(f"{path.name}: {table.num_rows} rows are the same")


if __name__ == "__main__":
    task, source, *others = sys.argv[1:]
    if task == "make":
        make(source, Path(others[0]))
    else:
        compare(Path(source), [Path(other) for other in others])
