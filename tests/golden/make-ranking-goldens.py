"""Writes ranking.golden.json: what the recipe's own ranking loss and PyTorch's autograd give for rows of scores.

Run with Debian's python3-torch; the version that made the file stands in it:

    OMP_NUM_THREADS=1 /usr/bin/python3 tests/golden/make-ranking-goldens.py

`ranking_loss` takes random distances between keys; here it gets every distance once, so that its mean is over all pairs of
the row (each of them twice, once from either side). float64 throughout.
"""

import json
import pathlib
import sys

import torch

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "models" / "training"))

from losses import ranking_loss  # noqa: E402

TARGET = HERE / "ranking.golden.json"


def every_distance(function, *arguments):
    """Calls with each distance 1 ... N - 1 in the place of random ones."""
    keys = arguments[0].shape[-1]
    random = torch.randint
    torch.randint = lambda *_, **__: torch.arange(1, keys)
    try:
        return function(*arguments, keys - 1)
    finally:
        torch.randint = random


def case(name, teacher, student, margin):
    s = student.double().clone().requires_grad_(True)
    loss = every_distance(ranking_loss, s[None, None, None], teacher.double()[None, None, None], margin)
    loss.backward()
    return {
        "name": name,
        "teacher": teacher.double().tolist(),
        "student": s.tolist(),
        "margin": margin,
        "loss": loss.item(),
        "gradient": s.grad.tolist(),
    }


def main():
    generator = torch.Generator().manual_seed(20230521)

    def normal(size):
        return torch.randn(size, generator=generator, dtype=torch.float64)

    levels = torch.randint(0, 4, (20,), generator=generator)
    cases = [
        case("two keys, in order", torch.tensor([1.0, 0.0]), torch.tensor([0.5, 0.25]), 0.5),
        case("two keys, against the order", torch.tensor([1.0, 0.0]), torch.tensor([-0.5, 0.25]), 0.5),
        case("two keys that the teacher ties", torch.tensor([1.0, 1.0]), torch.tensor([3.0, 0.25]), 0.5),
        case("exactly at the margin", torch.tensor([1.0, 0.0]), torch.tensor([0.75, 0.25]), 0.5),
        case("a row of 7", normal(7), normal(7), 0.2),
        case("a row of 50, the recipe's margin", normal(50), 0.3 * normal(50), 0.2),
        case("a wide margin", normal(12), normal(12), 3.0),
        case("no margin", normal(12), normal(12), 0.0),
        case("ties in the teacher", levels.double(), normal(20), 0.2),
        case("ties in the student", normal(20), 0.1 * levels.double(), 0.2),
        case("a constant teacher", torch.full((6,), 2.0), normal(6), 0.2),
        case("a student that agrees by far", torch.arange(6.0), 10 * torch.arange(6.0), 0.2),
    ]
    golden = {"madeWith": {"torch": torch.__version__, "script": pathlib.Path(__file__).name}, "cases": cases}
    TARGET.write_text(json.dumps(golden, allow_nan=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
