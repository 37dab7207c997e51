"""Trains one model of the embedded family, resumably: `-m fashion_mnist.train teacher`, then `baseline` and so on.

Everything that decides a result stands in recipe.json. All four students start from the same teacher, see the same
minibatches in the same order (the generators depend on seed and epoch alone) and run the same schedule; they differ
by the two switches only. State goes to --work after each epoch; the log is one JSON line an epoch.
"""

import argparse
import json
import math
import os
import time

# One thread a process, for BLAS's own pool too: on a small machine two models side by side go further than two threads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402

from fashion_mnist import data
from losses import Scores, ranking_over_layers
from measure import hits
from model import Vit, initialize_student, initialize_teacher
from schedule import fading_weight, keep_positive, optimizer_of, rate_factor, set_rate

HERE = os.path.dirname(os.path.abspath(__file__))


def build(name, recipe, teacher_state=None):
    """The named model, before training."""
    if name == "teacher":
        return initialize_teacher(Vit(data.SHAPE))
    switches = recipe["students"][name]
    return initialize_student(Vit(data.SHAPE, binary=True, scaling=switches["scaling"]), teacher_state)


def accuracy(model, images, labels):
    model.eval()
    (right,) = hits(model, images, labels, data.normalize)
    model.train()
    return right / len(images)


def save(path, state):
    torch.save(state, path + ".new")
    os.replace(path + ".new", path)  # a cut-off leaves the previous state whole


def train(name, args, recipe):
    torch.manual_seed(args.seed)
    settings = recipe["teacher" if name == "teacher" else "student"]
    ranked = name != "teacher" and recipe["students"][name]["ranking"]
    images, labels = data.load("train", args.data, args.device)
    test_images, test_labels = data.load("t10k", args.data, args.device)
    if args.limit:
        images, labels = images[: args.limit], labels[: args.limit]

    teacher = None
    if name != "teacher":
        teacher = Vit(data.SHAPE)
        teacher.load_state_dict(torch.load(os.path.join(args.work, f"teacher-{args.teacher_seed}.pt"), map_location="cpu")["model"])
        teacher = teacher.to(args.device).eval()
    model = build(name, recipe, teacher and {k: v.cpu() for k, v in teacher.state_dict().items()}).to(args.device).train()
    optimizer, scales = optimizer_of(model, settings)

    state_path = os.path.join(args.work, f"{name}-{args.seed}.pt")
    log_path = os.path.join(args.logs, f"{name}-{args.seed}.jsonl")
    first = 0
    if os.path.exists(state_path):
        state = torch.load(state_path, map_location=args.device)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        first = state["epoch"]

    batch = settings["batchSize"]
    steps_each = len(images) // batch
    steps = steps_each * settings["epochs"]
    for epoch in range(first, settings["epochs"]):
        started = time.time()
        order = torch.Generator().manual_seed(1000 * args.seed + epoch)
        pairs = torch.Generator().manual_seed(1000 * args.seed + epoch + 500)  # apart: the order stays alike in all four
        permutation = torch.randperm(len(images), generator=order)
        losses, rank_losses = torch.zeros((), device=args.device), torch.zeros((), device=args.device)
        for step in range(steps_each):
            now = epoch * steps_each + step
            set_rate(optimizer, rate_factor(now, steps, settings["warmupEpochs"] * steps_each))
            chosen = permutation[step * batch : (step + 1) * batch].to(args.device)
            image = data.normalize(data.augment(images[chosen], order, settings["shift"]))
            mine = Scores()
            loss = F.cross_entropy(model(image, mine), labels[chosen])
            losses += loss.detach()
            if ranked:
                with torch.no_grad():
                    theirs = Scores()
                    teacher(image, theirs)
                rank = ranking_over_layers(mine, theirs, recipe["ranking"], pairs)
                rank_losses += rank.detach()
                loss = loss + fading_weight(recipe["ranking"], now / steps) * rank
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            keep_positive(scales)
        line = dict(
            model=name, seed=args.seed, epoch=epoch + 1, of=settings["epochs"],
            loss=round(losses.item() / steps_each, 5),
            rankingLoss=round(rank_losses.item() / steps_each, 5) if ranked else None,
            testAccuracy=accuracy(model, test_images, test_labels),
            imagesPerSecond=round(steps_each * batch / (time.time() - started)), device=args.device,
        )
        if math.isnan(line["loss"]):
            raise SystemExit(f"{name}: the loss is NaN in epoch {epoch + 1}")
        with open(log_path, "a") as log:
            log.write(json.dumps(line) + "\n")
        print(json.dumps(line), flush=True)
        save(state_path, dict(model=model.state_dict(), optimizer=optimizer.state_dict(), epoch=epoch + 1, recipe=recipe))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="+", help="teacher, baseline, scaling, ranking, bi-vit")
    parser.add_argument("--data", default=data.DEBIAN_PATH)
    parser.add_argument("--work", default=os.path.join(HERE, ".work"))
    parser.add_argument("--logs", default=os.path.join(HERE, "logs"))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--teacher-seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--limit", type=int, default=0, help="first N training images only (pilots)")
    parser.add_argument("--recipe", default=os.path.join(HERE, "recipe.json"))
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    os.makedirs(args.work, exist_ok=True)
    os.makedirs(args.logs, exist_ok=True)
    with open(args.recipe) as f:
        recipe = json.load(f)
    for name in args.model:
        train(name, args, recipe)


if __name__ == "__main__":
    main()
