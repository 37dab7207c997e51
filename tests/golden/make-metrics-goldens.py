"""Writes metrics.golden.json: what NumPy and SciPy give for the measures of lib/math and lib/metrics.

Run with Debian's python3-scipy; the versions that made the file stand in it:

    /usr/bin/python3 tests/golden/make-metrics-goldens.py

The same versions write the same bytes. An undefined result (SciPy's nan) becomes null. Two things are done here because
SciPy has no function for them: rows are renormalized before a divergence, and the Kullback-Leibler rows are smoothed
with EPSILON as lib/metrics/kullback-leibler.ts states it.
"""

import json
import math
import pathlib
import warnings

import numpy
import scipy
from scipy import linalg, special, stats
from scipy.spatial import distance

EPSILON = 1e-8
TARGET = pathlib.Path(__file__).with_name("metrics.golden.json")

random = numpy.random.default_rng(20230521)


def plain(value):
    """A float for JSON, or None where it is not finite."""
    value = float(value)
    return value if math.isfinite(value) else None


def softmaxed(size, spread):
    return special.softmax(random.normal(0, spread, size))


def pairs():
    """Teacher and student rows: real-valued, quantized, binarized, degenerate, and with negative entries."""
    yield "two keys", softmaxed(2, 1), softmaxed(2, 1)
    for size, spread in ((5, 1.0), (17, 3.0), (50, 1.0), (50, 6.0), (197, 2.0)):
        teacher = softmaxed(size, spread)
        yield f"softmaxed, {size} keys, spread {spread}", teacher, softmaxed(size, spread)
        yield f"binarized at the mean, {size} keys", teacher, (teacher > teacher.mean()) * 0.31
        noisy = teacher * numpy.exp(random.normal(0, 0.5, size))
        yield f"perturbed and rounded to eight levels, {size} keys", teacher, numpy.round(noisy / noisy.max() * 8) / 8
    levels = random.integers(0, 4, 60)
    yield "few levels in both rows", levels.astype(float), (levels + random.integers(0, 3, 60)).astype(float)
    yield "ties in blocks", numpy.repeat([1.0, 2.0, 3.0], 7), numpy.repeat([2.0, 1.0, 5.0], 7)
    yield "reversed", numpy.arange(1.0, 12.0), numpy.arange(11.0, 0.0, -1.0)
    yield "disjoint one-hot rows", numpy.eye(6)[0], numpy.eye(6)[4]
    yield "student all zero", softmaxed(9, 1), numpy.zeros(9)
    yield "student constant", softmaxed(9, 1), numpy.full(9, 0.25)
    yield "both constant", numpy.full(7, 1 / 7), numpy.full(7, 0.5)
    yield "scores with signs", random.normal(0, 1, 40), random.normal(0, 1, 40)
    yield "sign-quantized scores", random.normal(0, 1, 40), numpy.sign(random.normal(0, 1, 40)) * 0.8
    yield "no distribution: a negative entry", softmaxed(8, 1), numpy.array([0.4, -0.2, 0.1, 0.1, 0.2, 0.2, 0.1, 0.1])


def is_distribution(row):
    return bool((row >= 0).all() and row.sum() > 0)


def smoothed(row):
    return (row / row.sum() + EPSILON) / (1 + row.size * EPSILON)


def measured(teacher, student):
    both = is_distribution(teacher) and is_distribution(student)
    norms = linalg.norm(teacher), linalg.norm(student)
    return {
        "cosine": plain(1 - distance.cosine(teacher, student)) if all(norms) else None,
        "relativeFrobenius": plain(linalg.norm(student - teacher) / norms[0]) if norms[0] else None,
        "kullbackLeibler": plain(stats.entropy(smoothed(teacher), smoothed(student))) if both else None,
        "jensenShannon": plain(distance.jensenshannon(teacher, student, base=2) ** 2) if both else None,
        "teacherEntropy": entropy(teacher),
        "studentEntropy": entropy(student),
        "tauB": plain(stats.kendalltau(teacher, student, variant="b").statistic),
        "spearman": plain(stats.spearmanr(teacher, student).statistic),
        "teacherRanks": stats.rankdata(teacher, method="average").tolist(),
        "studentRanks": stats.rankdata(student, method="average").tolist(),
        "teacherTieShare": tie_share(teacher),
        "studentTieShare": tie_share(student),
    }


def entropy(row):
    return plain(stats.entropy(row) / math.log(row.size)) if is_distribution(row) else None


def tie_share(row):
    """From SciPy's tie correction 1 - sum(u^3 - u) / (N^3 - N) one cannot read pairs; count groups instead."""
    groups = numpy.unique(row, return_counts=True)[1]
    return plain(special.comb(groups, 2).sum() / special.comb(row.size, 2))


def statistics_case(name, row):
    levels = [0, 0.05, 0.25, 0.5, 0.9, 1]
    counts, edges = numpy.histogram(row, bins=7)
    return {
        "name": name,
        "row": row.tolist(),
        "mean": plain(row.mean()),
        "variance": plain(row.var()),
        "sampleVariance": plain(row.var(ddof=1)),
        "levels": levels,
        "quantiles": numpy.quantile(row, levels).tolist(),
        "histogramCounts": counts.tolist(),
        "histogramEdges": edges.tolist(),
    }


def softmax_case(name, scores):
    return {"name": name, "scores": scores.tolist(), "softmax": special.softmax(scores).tolist()}


def main():
    warnings.simplefilter("ignore")  # SciPy warns of constant rows, which are here on purpose
    golden = {
        "madeWith": {"scipy": scipy.__version__, "numpy": numpy.__version__, "script": pathlib.Path(__file__).name},
        "epsilon": EPSILON,
        "pairs": [
            {"name": name, "teacher": t.tolist(), "student": s.tolist(), **measured(t, s)} for name, t, s in pairs()
        ],
        "softmax": [
            softmax_case("unit spread", random.normal(0, 1, 20)),
            softmax_case("large scores", random.normal(900, 30, 20)),
            softmax_case("masked by -100", numpy.where(random.random(20) < 0.5, -100.0, random.normal(0, 1, 20))),
        ],
        "statistics": [
            statistics_case("normal", random.normal(3, 2, 101)),
            statistics_case("with ties", random.integers(0, 5, 40).astype(float)),
            statistics_case("far from zero", 1e6 + random.normal(0, 1e-2, 30)),
        ],
    }
    TARGET.write_text(json.dumps(golden, allow_nan=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
