"""Histograms of the students' latent weights: what is left of them once the app ships only signs and row scales.

`-m fashion_mnist.latents` after the training; needs the trained states in `.work/`, writes `models/families/fashion-mnist/latents.json`. Every binary linear is
checked against the shipped checkpoint: its sign bits and its row scales must be those of the latents. `headBias` is the shipped
head's bias: by it the app knows that a model in a student's place is the one whose latents these are.
"""

import argparse
import json
import os

import numpy as np
import torch

from fashion_mnist import data
from fashion_mnist.export import OUT
from model import Vit
from packing import binary_linears, read_safetensors
from quantizers import sign_of

HERE = os.path.dirname(os.path.abspath(__file__))
STUDENTS = ("baseline", "scaling", "ranking", "bi-vit")
LINEARS = {"attn.qkv": "qkv", "attn.proj": "proj", "mlp.fc1": "fc1", "mlp.fc2": "fc2"}
BINS = 80


def agreement(weight, shipped, owner):
    """(share of sign bits that agree, largest difference of a row scale)"""
    bits = np.unpackbits(shipped[f"{owner}.weight_bits"], axis=1, bitorder="little")[:, : weight.shape[1]]
    same = float((bits == (sign_of(weight) > 0).numpy()).mean())
    scale = float(np.abs(shipped[f"{owner}.weight_scale"] - weight.abs().mean(1).numpy()).max())
    return same, scale


def summary(weight, bins=BINS):
    """Counts over [-limit, limit], limit the largest |W| rounded up to a tenth; nothing lies outside."""
    values = weight.flatten().double().numpy()
    limit = max(0.1, float(np.ceil(np.abs(values).max() * 10) / 10))
    counts, _ = np.histogram(values, bins=bins, range=(-limit, limit))
    return dict(
        limit=limit,
        counts=counts.tolist(),
        count=values.size,
        insideShare=round(float((np.abs(values) <= 1).mean()), 8),
        meanAbs=round(float(np.abs(values).mean()), 8),
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", default=os.path.join(HERE, ".work"))
    parser.add_argument("--out", default=OUT)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(1)

    with open(os.path.join(args.out, "manifest.json")) as f:
        manifest = json.load(f)
    students = {}
    for name in STUDENTS:
        state = torch.load(os.path.join(args.work, f"{name}-{args.seed}.pt"), map_location="cpu")
        model = Vit(data.SHAPE, binary=True, scaling=state["recipe"]["students"][name]["scaling"])
        model.load_state_dict(state["model"])
        shipped = read_safetensors(os.path.join(args.out, f"{name}.safetensors"))
        binary = binary_linears(model)
        agreed = [agreement(module.weight.detach(), shipped, key) for key, module in binary.items()]
        same, scale = min(a for a, _ in agreed), max(b for _, b in agreed)
        print(f"{name}: {len(agreed)} linears, sign bits agree {same:.6f}, largest difference of a row scale {scale:.3g}")
        if same < 1 or scale > 0:
            raise SystemExit(f"{name}: these latents are not what the shipped checkpoint was made of")
        blocks = len(model.blocks)
        students[name] = dict(
            headBias=shipped["head.bias"].astype(float).tolist(),
            blocks=[
                {short: summary(binary[f"blocks.{i}.{long}"].weight.detach()) for long, short in LINEARS.items()}
                for i in range(blocks)
            ],
        )

    document = dict(
        what="latent weights of the binary linears at the end of training",
        seed=args.seed,
        recipe=dict(path="models/training", commit=manifest["recipe"]["commit"]),
        bins=BINS,
        students=students,
    )
    with open(os.path.join(args.out, "latents.json"), "w") as f:
        json.dump(document, f, separators=(",", ":"))
        f.write("\n")


if __name__ == "__main__":
    main()
