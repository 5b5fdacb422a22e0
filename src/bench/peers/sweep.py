#!/usr/bin/env python3
"""scikit-learn's side of the sweep over k: k-means for k = 2 ... K, each from several starts by greedy k-means++ until no
label changes, one fit after the other, and for each k the silhouette of some rows among themselves, at equal distances in
the data. Answers a line "run" with one line of JSON, as bench.jar does.

usage: sweep.py data=rows.bin k=10 restarts=10 maxiter=100 silhouette=5000
"""
import json
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

arguments = dict(word.split("=", 1) for word in sys.argv[1:])
number = lambda name, default: int(arguments.get(name, default))
with open(arguments["data"], "rb") as file:
    rows, columns = np.fromfile(file, "<i8", 2)
    x = np.fromfile(file, "<f8").reshape(rows, columns)
count = min(len(x), number("silhouette", 5000))
sample = np.arange(count) * (len(x) // count)


def sweep():
    best = -1.0
    for k in range(2, number("k", 10) + 1):
        fit = KMeans(k, n_init=number("restarts", 10), max_iter=number("maxiter", 100), tol=0, random_state=k).fit(x)
        best = max(best, silhouette_score(x[sample], fit.labels_[sample]))
    return fit.inertia_, best


print('{"ready":true}', flush=True)
for line in sys.stdin:
    if line.strip() != "run":
        break
    cpu, clock = time.process_time(), time.perf_counter()
    inertia, score = sweep()
    print(json.dumps({"ms": (time.perf_counter() - clock) * 1e3, "cpu": (time.process_time() - cpu) * 1e3,
                      "inertia": inertia, "score": score}), flush=True)
