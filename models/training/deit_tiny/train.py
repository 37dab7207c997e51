"""Trains the four DeiT-Tiny students in pieces: `-m deit_tiny.train --minutes 9`, again and again until it says that all are done.

All start from the published teacher, see the same pictures under the same augmentation in the same order, and learn
the teacher's answer (logit distillation); they differ by the two switches only. Each sees `student.images` pictures. One
after the other, so that a cut-off leaves at most one unfinished; its state, in half precision, is three files of 11 MB.

Signs are multiplied in TF32 on a GPU, where sums of them are exact up to 2048; the teacher runs in bfloat16.
"""

import argparse
import json
import math
import os
import shutil
import time

import torch

from deit_tiny import data
from losses import Scores, distillation_loss, ranking_over_layers
from measure import hits
from model import Vit, initialize_student
from packing import packed_state, read_safetensors, write_safetensors
from schedule import fading_weight, keep_positive, optimizer_of, rate_factor, set_rate

HERE = os.path.dirname(os.path.abspath(__file__))
TEACHER = "deit_tiny_patch16_224.safetensors"
LOG_EVERY, CHECKED_IMAGES = 100, 2000


def teacher_of(path, device):
    """The published DeiT-Tiny under timm's names."""
    teacher = Vit(data.SHAPE)
    teacher.load_state_dict({key: torch.from_numpy(value.copy()) for key, value in read_safetensors(path).items()})
    return teacher.to(device).eval()


def student_of(switches, teacher):
    state = {key: value.cpu() for key, value in teacher.state_dict().items()}
    return initialize_student(Vit(data.SHAPE, binary=True, scaling=switches["scaling"]), state)


class State:
    """What an unfinished student leaves behind: weights in float16, Adam's moments in bfloat16, for their exponents.

    A piece that goes on from here on another machine rounds once; one that is not cut off does not.
    """

    FILES = ("weights", "exp_avg", "exp_avg_sq")

    def __init__(self, folder):
        self.folder = folder

    def save(self, model, optimizer, step):
        fresh = self.folder + ".new"
        os.makedirs(fresh, exist_ok=True)
        weights = {k: v.half() if v.is_floating_point() else v for k, v in model.state_dict().items()}
        torch.save(dict(step=step, weights=weights), os.path.join(fresh, "weights.pt"))
        for moment in self.FILES[1:]:
            values = [optimizer.state[p][moment].bfloat16() for group in optimizer.param_groups for p in group["params"]]
            torch.save(values, os.path.join(fresh, f"{moment}.pt"))
        os.makedirs(self.folder, exist_ok=True)
        for name in self.FILES:
            os.replace(os.path.join(fresh, f"{name}.pt"), os.path.join(self.folder, f"{name}.pt"))
        os.rmdir(fresh)

    def load(self, model, optimizer, device):
        """The step to go on with; 0 where nothing was saved."""
        if not os.path.exists(os.path.join(self.folder, "weights.pt")):
            return 0
        kept = {name: torch.load(os.path.join(self.folder, f"{name}.pt"), map_location=device) for name in self.FILES}
        own = model.state_dict()
        model.load_state_dict({k: v.to(own[k].dtype) for k, v in kept["weights"]["weights"].items()})
        step = kept["weights"]["step"]
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        for p, mean, square in zip(parameters, kept["exp_avg"], kept["exp_avg_sq"]):
            optimizer.state[p] = dict(step=torch.tensor(float(step)), exp_avg=mean.float(), exp_avg_sq=square.float())
        return step

    def forget(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def indices_of(step, batch, count, seed, device):
    """Which pictures a step sees: every epoch is a permutation that depends on seed and epoch alone."""
    each = count // batch
    epoch, place = divmod(step, each)
    order = torch.randperm(count, generator=torch.Generator().manual_seed(1000 * seed + epoch))
    return order[place * batch : (place + 1) * batch].to(device)


def train(name, recipe, teacher, images, check, args, until):
    """Goes on with the named student until it is done or the clock says `until` -> whether it is done."""
    device, settings, switches = args.device, recipe["student"], recipe["students"][name]
    torch.manual_seed(args.seed)
    model = student_of(switches, teacher).to(device).train()
    optimizer, scales = optimizer_of(model, settings)
    state = State(os.path.join(args.work, f"{name}-{args.seed}"))
    first = state.load(model, optimizer, device)
    batch = settings["batchSize"]
    steps = max(1, settings["images"] // batch)
    log, ranked = Log(name, args, steps, batch), switches["ranking"]
    step = first
    while step < steps and time.time() < until:
        generator = torch.Generator(device).manual_seed(10_000_000 * args.seed + step)
        pairs = torch.Generator().manual_seed(10_000_000 * args.seed + step)
        chosen = indices_of(step, batch, len(images), args.seed, device)
        x = data.augment(images[chosen], recipe["augmentation"], generator)
        mine, theirs = Scores(), Scores()
        with torch.no_grad(), torch.autocast(torch.device(device).type, torch.bfloat16, enabled=device != "cpu"):
            target = teacher(x, theirs).float()
        set_rate(optimizer, rate_factor(step, steps, max(1, settings["warmup"] * steps)))
        loss = distillation_loss(model(x, mine), target)
        rank = None
        total = loss
        if ranked:
            rank = ranking_over_layers(mine, theirs, recipe["ranking"], pairs)
            total = loss + fading_weight(recipe["ranking"], step / steps) * rank
        optimizer.zero_grad(set_to_none=True)
        total.backward()
        optimizer.step()
        keep_positive(scales)
        step += 1
        log.add(step, loss, rank)
    done = step == steps
    if step > first:
        log.close(step, model, check)
        if not done:
            state.save(model, optimizer, step)
    if done:
        tensors = packed_state(model.cpu().eval(), "float16")
        header = dict(config=json.dumps(model.config), images=str(steps * batch), seed=str(args.seed))
        write_safetensors(os.path.join(args.out, f"{name}-{args.seed}.safetensors"), tensors, header)
        state.forget()
    return done


class Log:
    """One JSON line every hundred steps and one at the end of a piece, with an accuracy on some of the validation images."""

    def __init__(self, name, args, steps, batch):
        self.path = os.path.join(args.out, f"{name}-{args.seed}.jsonl")
        self.same = dict(model=name, seed=args.seed, of=steps, batch=batch, device=args.device)
        self.batch, self.sums, self.since, self.started = batch, [], 0, time.time()

    def add(self, step, loss, rank):
        self.sums.append((loss.detach(), None if rank is None else rank.detach()))
        if step % LOG_EVERY == 0:
            self.write(step)

    def write(self, step, **more):
        losses, ranks = zip(*self.sums) if self.sums else ((), ())
        mean = lambda values: round(torch.stack(values).mean().item(), 5) if values and values[0] is not None else None
        seconds = time.time() - self.started
        line = dict(
            self.same, step=step, loss=mean(losses), rankingLoss=mean(ranks),
            imagesPerSecond=round(len(losses) * self.batch / seconds, 1), **more,
        )
        if line["loss"] is not None and math.isnan(line["loss"]):
            raise SystemExit(f"{self.same['model']}: the loss is NaN before step {step}")
        with open(self.path, "a") as f:
            f.write(json.dumps(line) + "\n")
        print(json.dumps(line), flush=True)
        self.sums, self.started = [], time.time()

    def close(self, step, model, check):
        images, labels = check
        model.eval()
        first, fifth = (count / len(images) for count in hits(model, images, labels, data.prepare, (1, 5), batch=100))
        model.train()
        self.write(step, top1=round(first, 4), top5=round(fifth, 4), checkedImages=len(images))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="*", help="baseline, scaling, ranking, bi-vit; all of them when none is named")
    parser.add_argument("--data", required=True, help="folder of train-0.npz to train-4.npz and val.npz")
    parser.add_argument("--teacher", required=True, help=f"path of {TEACHER}")
    parser.add_argument("--work", default=os.path.join(HERE, ".work"), help="states of unfinished students")
    parser.add_argument("--out", default=os.path.join(HERE, ".work"), help="finished students and logs")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--minutes", type=float, default=9, help="of this piece, loading included")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, default=0, help="first N training images only")
    parser.add_argument("--images", type=int, default=0, help="pictures that a student sees, instead of the recipe's")
    parser.add_argument("--batch", type=int, default=0, help="instead of the recipe's")
    args = parser.parse_args()
    until = time.time() + 60 * args.minutes
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    with open(os.path.join(HERE, "recipe.json")) as f:
        recipe = json.load(f)
    recipe["student"].update({k: v for k, v in dict(images=args.images, batchSize=args.batch).items() if v})
    for folder in (args.work, args.out):
        os.makedirs(folder, exist_ok=True)

    def is_done(name):
        return os.path.exists(os.path.join(args.out, f"{name}-{args.seed}.safetensors"))

    open_students = [name for name in args.model or recipe["students"] if not is_done(name)]
    if open_students:
        images, _ = data.load("train", args.data, args.device, args.limit)
        check = data.load("val", args.data, args.device, CHECKED_IMAGES if not args.limit else min(args.limit, CHECKED_IMAGES))
        teacher = teacher_of(args.teacher, args.device)
    for name in open_students:
        if not train(name, recipe, teacher, images, check, args, until):
            print(f"{name} is unfinished: run the same again")
            return
    print("all are done")


if __name__ == "__main__":
    main()
