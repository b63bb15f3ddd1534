"""Reads rows of `count,of` and writes the estimates of their rates per 100: low, high and smoothed.

The interval is scipy's: quantiles of chi-square, as Garwood (1936) wrote them. The smoothed rate is written down anew from
Marshall (1991), by the formula of PySAL's `esda.smoothing.Empirical_Bayes`, with its variance held at 0 or more as Marshall has it.

    estimate_peer.py FILE
"""

import sys

import numpy
from scipy.stats import chi2

counts, of = numpy.loadtxt(sys.argv[1], delimiter=",", unpack=True, ndmin=2)
low = numpy.where(counts == 0, 0, chi2.ppf(0.025, 2 * numpy.maximum(counts, 1)) / 2)
high = chi2.ppf(0.975, 2 * (counts + 1)) / 2

mean = counts.sum() / of.sum()
rates = counts / of
variance = max(0, (of * (rates - mean) ** 2).sum() / of.sum() - mean / of.mean())
weights = variance / (variance + mean / of)
smoothed = weights * rates + (1 - weights) * mean

for row in zip(100 * low / of, 100 * high / of, 100 * smoothed):
    print(",".join(f"{value:.12g}" for value in row))
