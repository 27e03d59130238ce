"""Times LAPACK through scipy: reads one JSON list of jobs from stdin, prints the least CPU milliseconds of each."""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import json
import sys
import time

import numpy as np
import scipy.linalg as la


def job(kind, n):
    random = np.random.default_rng(n)
    a = random.standard_normal((n, n))
    if kind == "gemm":
        return lambda: a @ a
    if kind == "eigh":
        s = a + a.T
        return lambda: la.eigh(s, driver="evd", check_finite=False)
    definite = a @ a.T + n * np.eye(n)
    return lambda: la.cholesky(definite, lower=True, check_finite=False)


def best(run, repeats):
    run()
    least = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        run()
        least = min(least, time.process_time() - start)
    return least * 1e3


print(json.dumps([best(job(kind, n), repeats) for kind, n, repeats in json.load(sys.stdin)]))
