"""Reads columns of values with numbers of classes as JSON, and writes the upper limits that mapclassify's Fisher-Jenks gives."""

import json
import sys
import warnings

import mapclassify

# It says that it would be faster with numba.
warnings.simplefilter("ignore")

columns = json.load(sys.stdin)
json.dump([mapclassify.FisherJenks(values, k=n).bins.tolist() for values, n in columns], sys.stdout)
