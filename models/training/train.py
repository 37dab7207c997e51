"""Trains one model of the embedded family, resumably: `train.py teacher`, then `train.py baseline` and so on.

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

import data
from losses import ranking_loss
from model import Vit, initialize_student, initialize_teacher

HERE = os.path.dirname(os.path.abspath(__file__))


def build(name, recipe, teacher_state=None):
    """The named model, before training."""
    if name == "teacher":
        return initialize_teacher(Vit())
    switches = recipe["students"][name]
    return initialize_student(Vit(binary=True, scaling=switches["scaling"]), teacher_state)


def optimizer_of(model, settings):
    scales, decayed, plain = [], [], []
    for key, p in model.named_parameters():
        if p.requires_grad:
            (scales if key.endswith("alpha") else decayed if p.dim() == 2 else plain).append(p)
    rate = settings["learningRate"]
    groups = [
        dict(params=decayed, lr=rate, weight_decay=settings["weightDecay"]),
        dict(params=plain, lr=rate, weight_decay=0.0),
        dict(params=scales, lr=settings.get("scaleLearningRate", rate), weight_decay=0.0),
    ]
    groups = [dict(g, start=g["lr"]) for g in groups if g["params"]]
    return torch.optim.AdamW(groups), scales


def rate_factor(step, steps, warmup):
    """Linear warm-up, then half a cosine to zero."""
    if step < warmup:
        return (step + 1) / warmup
    return 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


def fading_weight(ranking, progress):
    """Half a cosine from weightStart to weightEnd over the first `fadeUntil` of the run, then weightEnd."""
    angle = math.pi * min(1.0, progress / ranking["fadeUntil"])
    return ranking["weightEnd"] + (ranking["weightStart"] - ranking["weightEnd"]) * 0.5 * (1 + math.cos(angle))


class Scores:
    """A recorder that keeps the scores of every block."""

    def __init__(self):
        self.values = []

    def __call__(self, stage, value):
        if stage.endswith(".scores"):
            self.values.append(value)
        return value


@torch.no_grad()
def accuracy(model, images, labels, batch=500):
    model.eval()
    hits = sum(
        (model(data.normalize(images[i : i + batch])).argmax(1) == labels[i : i + batch]).sum().item()
        for i in range(0, len(images), batch)
    )
    model.train()
    return hits / len(images)


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
        teacher = Vit()
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
            factor = rate_factor(now, steps, settings["warmupEpochs"] * steps_each)
            for group in optimizer.param_groups:
                group["lr"] = group["start"] * factor
            chosen = permutation[step * batch : (step + 1) * batch].to(args.device)
            image = data.normalize(data.augment(images[chosen], order, settings["shift"]))
            mine = Scores()
            loss = F.cross_entropy(model(image, mine), labels[chosen])
            losses += loss.detach()
            if ranked:
                with torch.no_grad():
                    theirs = Scores()
                    teacher(image, theirs)
                r = recipe["ranking"]
                weight = fading_weight(r, now / steps)
                each = [ranking_loss(s, t, r["margin"], r["shifts"], pairs) for s, t in zip(mine.values, theirs.values)]
                rank = sum(each) / len(each)
                rank_losses += rank.detach()
                loss = loss + weight * rank
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                for alpha in scales:
                    alpha.clamp_(min=1e-4)
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
