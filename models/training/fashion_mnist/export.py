"""Turns trained state into what the app ships: packed checkpoints, parity goldens, predicted labels, samples, manifest.

`-m fashion_mnist.export` after the training of all five. Binary weights become bits (LSB first, 1 = +1) and one scale a row; everything
else stays float32. Accuracy, tau-b and constant rows are measured here on the packed model, in eval mode (integers first).
"""

import argparse
import hashlib
import json
import os
import shutil
import struct
import subprocess

import numpy as np
import torch

from fashion_mnist import data
from measure import golden_of, predictions, row_statistics, widest_margin
from model import Vit
from packing import packed_state, write_safetensors

HERE = os.path.dirname(os.path.abspath(__file__))
TRAINING = os.path.dirname(HERE)
OUT = os.path.join(os.path.dirname(TRAINING), "checkpoints")
LABELS = {
    "teacher": "Teacher", "baseline": "Baseline", "scaling": "+ scaling factor",
    "ranking": "+ ranking distillation", "bi-vit": "Bi-ViT (both)",
}


def write_samples(folder, images, labels, each=100):
    """100 test images a class as IDX, dealt class by class, so that any ten in a row show all ten classes."""
    os.makedirs(folder, exist_ok=True)
    by_class = [(labels == c).nonzero().flatten()[:each] for c in range(10)]
    indices = torch.stack(by_class, 1).flatten()  # [each * 10]
    chosen, names = images[indices].numpy(), labels[indices].numpy().astype(np.uint8)
    with open(os.path.join(folder, "fashion-mnist-1000-images-idx3-ubyte"), "wb") as f:
        f.write(struct.pack(">IIII", 0x803, *chosen.shape) + chosen.tobytes())
    with open(os.path.join(folder, "fashion-mnist-1000-labels-idx1-ubyte"), "wb") as f:
        f.write(struct.pack(">II", 0x801, len(names)) + names.tobytes())
    with open(os.path.join(folder, "fashion-mnist-1000-indices.json"), "w") as f:
        json.dump(indices.tolist(), f)
    return indices


def recipe_commit():
    found = subprocess.run(["git", "log", "-1", "--format=%H", "--", TRAINING], cwd=HERE, capture_output=True, text=True)
    return found.stdout.strip() or None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=data.DEBIAN_PATH)
    parser.add_argument("--work", default=os.path.join(HERE, ".work"))
    parser.add_argument("--out", default=OUT)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--skip-goldens", action="store_true", help="keep the goldens that are there")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    images, labels = data.load("t10k", args.data)
    out = os.path.abspath(args.out)
    for folder in ("", "goldens", "predictions"):
        os.makedirs(os.path.join(out, folder), exist_ok=True)
    sample_indices = write_samples(os.path.join(out, "samples"), images, labels)
    samples = images[sample_indices]

    models, teacher, recipe = [], None, None
    for name, label in LABELS.items():
        state = torch.load(os.path.join(args.work, f"{name}-{args.seed}.pt"), map_location="cpu")
        recipe = state["recipe"]
        switches = recipe["students"].get(name)
        model = Vit(data.SHAPE, binary=switches is not None, scaling=bool(switches and switches["scaling"]))
        model.load_state_dict(state["model"])
        model.eval()
        teacher = teacher or model
        file = os.path.join(out, f"{name}.safetensors")
        config = json.dumps(model.config)
        write_safetensors(file, packed_state(model), {"config": config, "format": "pt"})
        predicted = predictions(model, images, data.normalize)
        with open(os.path.join(out, "predictions", f"{name}.labels"), "wb") as f:
            f.write(predicted.numpy().astype(np.uint8).tobytes())
        if not args.skip_goldens:
            clearest = widest_margin(model, samples[:200], data.normalize)
            golden = golden_of(model, data.normalize(samples[clearest : clearest + 1]), seed=args.seed)
            write_safetensors(os.path.join(out, "goldens", f"{name}.golden.safetensors"), golden, {"config": config})
        statistics = row_statistics(model, teacher, samples, data.normalize) if switches else None
        with open(file, "rb") as f:
            raw = f.read()
        models.append(dict(
            id=name, label=label, file=os.path.basename(file), bytes=len(raw), sha256=hashlib.sha256(raw).hexdigest(),
            config=model.config, switches=switches, seed=args.seed, epochs=state["epoch"],
            testAccuracy=int((predicted == labels).sum()) / len(labels),
            meanTauB=statistics and statistics["meanTauB"], tauBByLayer=statistics and statistics["tauBByLayer"],
            constantRowShare=statistics and statistics["constantRowShare"],
            constantRowShareByLayer=statistics and statistics["constantRowShareByLayer"],
            attentionCosine=statistics and statistics["attentionCosine"],
            stePassShare=statistics and statistics["stePassShare"],
        ))
        print(json.dumps({k: v for k, v in models[-1].items() if k not in ("config", "sha256")}), flush=True)

    manifest = dict(
        family="fashion-mnist-vit", licence="MIT",
        data=dict(
            name="Fashion-MNIST", licence="MIT", source="https://github.com/zalandoresearch/fashion-mnist",
            testImages=len(images), sampleImages=len(samples), mean=data.MEAN, std=data.STD,
            statistics="accuracy on all test images; tau-b, constant rows, cosine and pass share on the shipped samples",
        ),
        recipe=dict(path="models/training", commit=recipe_commit(), torch=torch.__version__, settings=recipe),
        models=models,
    )
    with open(os.path.join(out, "manifest.json"), "w") as f:
        json.dump(manifest, f, indent=2)
        f.write("\n")
    licence = "/usr/share/doc/dataset-fashion-mnist/copyright"
    if os.path.exists(licence):
        shutil.copy(licence, os.path.join(out, "samples", "LICENSE-fashion-mnist.txt"))


if __name__ == "__main__":
    main()
