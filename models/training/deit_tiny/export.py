"""What the finished students are worth, and what the app needs to hold itself to PyTorch: `-m deit_tiny.export`.

Reads the packed files that training left in --out and measures those very models, in float32: top-1 and top-5 on the validation
images and on photographs, tau-b, constant rows and pass shares by layer against the teacher. Writes `deit-tiny.json`, and
for one photograph a golden of each student: logits, and what three of its blocks give.
"""

import argparse
import hashlib
import json
import os

import numpy as np
import torch

from deit_tiny import data
from deit_tiny.train import HERE, TEACHER, teacher_of
from measure import Stages, hits, row_statistics
from model import Vit
from packing import load_packed, read_safetensors, write_safetensors

GOLDEN_BLOCKS = (0, 5, 11)
GOLDEN_STAGES = ("attention_binary", "output")


def accuracy_of(model, images, labels, batch):
    """Shares of 1: first and first five of all 1,000 classes, and the first among those that the images are of."""
    first, fifth = hits(model, images, labels, data.prepare, (1, 5), batch)
    others = torch.full((data.SHAPE["numClasses"],), -torch.inf)
    others[labels] = 0
    (among,) = hits(lambda x: model(x) + others, images, labels, data.prepare, (1,), batch)
    count = len(images)
    return dict(
        images=count, top1=first / count, top5=fifth / count, classes=len(labels.unique()), top1AmongThem=among / count,
    )


@torch.no_grad()
def golden_of(model, photograph):
    """photograph uint8 [3, 224, 224] -> input, logits and some stages, float32 arrays by key."""
    x, stages = data.normalize(photograph[None]), Stages()
    kept = dict(input=x, logits=model(x, stages))
    for block in GOLDEN_BLOCKS:
        kept.update({key: stages[key] for key in (f"blocks.{block}.{stage}" for stage in GOLDEN_STAGES)})
    return {key: value.numpy().astype(np.float32) for key, value in kept.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder of val.npz")
    parser.add_argument("--teacher", required=True, help=f"path of {TEACHER}")
    parser.add_argument("--photographs", help="folder of photos.csv and what it names")
    parser.add_argument("--golden", help="a photograph that may be shipped, for the goldens")
    parser.add_argument("--out", default=os.path.join(HERE, ".work"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, default=0, help="first N validation images only")
    parser.add_argument("--rows", type=int, default=64, help="validation images for the rows' statistics")
    parser.add_argument("--batch", type=int, default=50)
    args = parser.parse_args()

    images, labels = data.load("val", args.data, limit=args.limit)
    photographs = data.load_photographs(args.photographs) if args.photographs else None
    with open(os.path.join(HERE, "recipe.json")) as f:
        recipe = json.load(f)
    teacher = teacher_of(args.teacher, "cpu")

    def measured(model):
        on_photographs = photographs and accuracy_of(model, *photographs, args.batch)
        return dict(validation=accuracy_of(model, images, labels, args.batch), photographs=on_photographs)

    models = [dict(id="teacher", file=TEACHER, **measured(teacher))]
    print(json.dumps(models[0]), flush=True)
    for name, switches in recipe["students"].items():
        path = os.path.join(args.out, f"{name}-{args.seed}.safetensors")
        if not os.path.exists(path):
            print(f"{name}: not trained yet", flush=True)
            continue
        model = load_packed(Vit(data.SHAPE, binary=True, scaling=switches["scaling"]), read_safetensors(path))
        with open(path, "rb") as f:
            raw = f.read()
        rows = row_statistics(model, teacher, images[: args.rows], data.prepare, batch=2)
        models.append(dict(
            id=name, file=os.path.basename(path), bytes=len(raw), sha256=hashlib.sha256(raw).hexdigest(),
            switches=switches, seed=args.seed, **measured(model), rowImages=min(args.rows, len(images)), **rows,
        ))
        print(json.dumps({k: v for k, v in models[-1].items() if k != "sha256"}), flush=True)
        if args.golden:
            golden = golden_of(model, torch.from_numpy(data.centre_of(args.golden).copy()))
            target = os.path.join(args.out, f"{name}-{args.seed}.golden.safetensors")
            write_safetensors(target, golden, {"config": json.dumps(model.config)})
    manifest = dict(family="deit-tiny", data="Tiny-ImageNet, 64 px enlarged to 224", recipe=recipe, models=models)
    with open(os.path.join(args.out, "deit-tiny.json"), "w") as f:
        json.dump(manifest, f, indent=2)
        f.write("\n")


if __name__ == "__main__":
    main()
