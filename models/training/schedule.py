"""What the recipes of both families share around a step: parameter groups, the rate, the ranking loss's weight."""

import math

import torch

SMALLEST_ALPHA = 1e-4


def optimizer_of(model, settings, **options):
    """AdamW over matrices (decayed), scaling factors (their own rate) and the rest -> (optimizer, scaling factors)."""
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
    return torch.optim.AdamW(groups, **options), scales


def rate_factor(step, steps, warmup):
    """Linear warm-up, then half a cosine to zero."""
    if step < warmup:
        return (step + 1) / warmup
    return 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


def set_rate(optimizer, factor):
    for group in optimizer.param_groups:
        group["lr"] = group["start"] * factor


def fading_weight(ranking, progress):
    """Half a cosine from weightStart to weightEnd over the first `fadeUntil` of the run, then weightEnd."""
    angle = math.pi * min(1.0, progress / ranking["fadeUntil"])
    return ranking["weightEnd"] + (ranking["weightStart"] - ranking["weightEnd"]) * 0.5 * (1 + math.cos(angle))


@torch.no_grad()
def keep_positive(scales):
    """A scaling factor of zero or less has no window: after each step."""
    for alpha in scales:
        alpha.clamp_(min=SMALLEST_ALPHA)
