"""Writes tests/golden/pth/*.pth with PyTorch: every type of number, strange strides, things that are no tensors, an old file.

    OMP_NUM_THREADS=1 python3 tests/golden/make-pth-goldens.py
"""
import argparse
import collections
import pathlib
import pickle
import zipfile

import torch

OUT = pathlib.Path(__file__).parent / "pth"
OUT.mkdir(exist_ok=True)


class Hostile:
    """Unpickling this in Python would run a command."""

    def __reduce__(self):
        import os

        return os.system, ("touch /tmp/lens-was-here",)


def numbers():
    base = torch.arange(12, dtype=torch.float32).reshape(3, 4) - 5.5
    return collections.OrderedDict(
        float32=base,
        transposed=base.t(),
        slice=base[1:, ::2],
        expanded=torch.tensor([7.0]).expand(3),
        scalar=torch.tensor(2.5),
        empty=torch.zeros(0, 3),
        float64=base.double() / 3,
        float16=base.half() / 3,
        bfloat16=base.bfloat16() / 3,
        int64=torch.tensor([-(2**40), 0, 2**40]),
        int32=torch.tensor([-7, 7], dtype=torch.int32),
        int16=torch.tensor([-7, 7], dtype=torch.int16),
        int8=torch.tensor([-7, 7], dtype=torch.int8),
        uint8=torch.tensor([0, 255], dtype=torch.uint8),
        bool=torch.tensor([True, False]),
        parameter=torch.nn.Parameter(base[0].clone()),
    )


torch.save(numbers(), OUT / "kinds.pth")
torch.save(
    {"epoch": 3, "args": argparse.Namespace(lr=0.1, name="run"), "model": numbers(), "evil": Hostile(), "long": 2**80},
    OUT / "nested.pth",
)
torch.save({"model": numbers()}, OUT / "legacy.pth", _use_new_zipfile_serialization=False)
torch.save({"epoch": 3, "notes": ["none"]}, OUT / "no-tensors.pth")
with zipfile.ZipFile(OUT / "kinds.pth") as source, zipfile.ZipFile(OUT / "compressed.pth", "w", zipfile.ZIP_DEFLATED) as target:
    for name in source.namelist():
        target.writestr(name, source.read(name))
for path in sorted(OUT.glob("*.pth")):
    print(path.name, path.stat().st_size)
