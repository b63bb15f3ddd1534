"""Attacks what the public is told, by the solver HiGHS. Reads JSON, one question a line, and answers each with a line.

`range`: between which bounds counts can lie that are whole, not negative, and agree with all that is told:
    {"ask": "range", "n": 3, "rows": [[5, 9, [0, 1]], [0, 0, [0, 1, -2]]], "of": [0]}
    Each row bounds a sum of counts (null is no bound); -2 takes away count 1 (one's complement: ~1). Answers [[least, most]].

`suppress`: how many cells of a tree must be withheld, if all others are told exactly, so that each cell under the base can be
    both 0 and the base less one (cell suppression by mixed integer programming; Fischetti and Salazar 2001):
    {"ask": "suppress", "counts": [12, 2, 10], "parents": [null, 0, 0], "base": 5}

    told_peer.py FILE
"""

import json
import sys

import highspy

INFINITY = highspy.kHighsInf


def solver():
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    # So that one question goes on from the answer to the one before.
    highs.setOptionValue("presolve", "off")
    highs.setOptionValue("solver", "simplex")
    return highs


def add_row(highs, low, high, terms):
    """`terms` maps a column to its coefficient."""
    low = -INFINITY if low is None else low
    high = INFINITY if high is None else high
    highs.addRow(low, high, len(terms), list(terms), list(terms.values()))


def solved(highs, what):
    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kUnbounded:
        return None
    if status != highspy.HighsModelStatus.kOptimal:
        raise SystemExit(f"{what}: {highs.modelStatusToString(status)}")
    return round(highs.getInfo().objective_function_value, 6)


def feasible_range(question):
    highs = solver()
    highs.addVars(question["n"], [0] * question["n"], [INFINITY] * question["n"])
    for low, high, counts in question["rows"]:
        add_row(highs, low, high, {(~at if at < 0 else at): (-1 if at < 0 else 1) for at in counts})
    answer = []
    for at in question["of"]:
        highs.changeColCost(at, 1)
        highs.changeObjectiveSense(highspy.ObjSense.kMinimize)
        least = solved(highs, "least")
        highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        answer.append([least, solved(highs, "most")])
        highs.changeColCost(at, 0)
    return answer


def fewest_withheld(question):
    counts, parents, base = question["counts"], question["parents"], question["base"]
    n, most = len(counts), sum(counts) + base
    highs = solver()
    highs.addVars(n, [0] * n, [1] * n)
    for at in range(n):
        highs.changeColIntegrality(at, highspy.HighsVarType.kInteger)
        highs.changeColCost(at, 1)
    n_columns = n
    for small in (at for at in range(n) if counts[at] < base):
        for value in (0, base - 1):
            first, n_columns = n_columns, n_columns + n
            highs.addVars(n, [0] * n, [INFINITY] * n)
            highs.changeColBounds(first + small, value, value)
            for at, count in enumerate(counts):
                add_row(highs, None, count, {first + at: 1, at: -most})
                add_row(highs, count, None, {first + at: 1, at: most})
                children = [child for child in range(n) if parents[child] == at]
                if children:
                    add_row(highs, 0, 0, {first + at: 1} | {first + child: -1 for child in children})
    return solved(highs, "suppress")


def main():
    with open(sys.argv[1], encoding="utf-8") as questions:
        for line in questions:
            question = json.loads(line)
            answer = {"range": feasible_range, "suppress": fewest_withheld}[question["ask"]]
            print(json.dumps(answer(question)))


main()
