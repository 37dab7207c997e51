"""What is measured on a trained model: predicted labels, row statistics against the teacher, and the parity golden."""

import numpy as np
import torch

# Images come as bytes, with the family's own `prepare`: uint8 [n, ...] -> the model's input, float [n, channels, side, side].


@torch.no_grad()
def predictions(model, images, prepare, batch=500):
    """argmax labels of the images -> int64 [n]."""
    return torch.cat([model(prepare(images[i : i + batch])).argmax(1) for i in range(0, len(images), batch)])


@torch.no_grad()
def hits(model, images, labels, prepare, among=(1,), batch=500):
    """[how many images have their label among the k largest logits] for each k of `among`."""
    counts = [0] * len(among)
    for start in range(0, len(images), batch):
        top = model(prepare(images[start : start + batch])).topk(max(among), -1).indices
        right = top == labels[start : start + batch, None]
        counts = [count + int(right[:, :k].any(-1).sum()) for count, k in zip(counts, among)]
    return counts


class Stages(dict):
    """A recorder that keeps every stage; with `gradients` it keeps their gradients too."""

    def __init__(self, gradients=False):
        super().__init__()
        self.gradients = gradients

    def __call__(self, stage, value):
        if self.gradients:
            value.retain_grad()
        self[stage] = value
        return value


def tau_b(a, b):
    """Kendall's tau-b of each row, ties counted; NaN where a row of either is constant. a, b [..., N] -> [...]."""
    i, j = np.triu_indices(a.shape[-1], 1)
    x, y = torch.sign(a[..., i] - a[..., j]), torch.sign(b[..., i] - b[..., j])
    return (x * y).sum(-1) / (x.abs().sum(-1) * y.abs().sum(-1)).sqrt()


@torch.no_grad()
def row_statistics(model, teacher, images, prepare, batch=50):
    """Means over the rows of the given images, per layer and over all.

    meanTauB: student's scores against the teacher's, rows where it is defined. constantRowShare: rows of the binarized
    attention whose entries are all equal. attentionCosine: softmaxed rows. stePassShare: entries that pass the
    straight-through window at q, k, v and at the attention binarizer.
    """
    depth = model.config["depth"]
    tau, constant, cosine = ([[] for _ in range(depth)] for _ in range(3))
    passed = {site: [[] for _ in range(depth)] for site in ("q", "k", "v", "attn")}
    inputs = {}
    hooks = [
        getattr(block.attn, f"{site}_act").register_forward_pre_hook(
            lambda module, args, key=(site, i): inputs.__setitem__(key, args[0]))
        for i, block in enumerate(model.blocks) for site in passed
    ]
    for start in range(0, len(images), batch):
        x = prepare(images[start : start + batch])
        mine, theirs = Stages(), Stages()
        model(x, mine)
        teacher(x, theirs)
        for i in range(depth):
            at = f"blocks.{i}."
            tau[i].append(tau_b(mine[at + "scores"], theirs[at + "scores"]).flatten())
            binary = mine[at + "attention_binary"]
            constant[i].append((binary == binary[..., :1]).all(-1).float().flatten())
            cosine[i].append(torch.cosine_similarity(mine[at + "attention"], theirs[at + "attention"], -1).flatten())
            for site in passed:
                alpha = getattr(model.blocks[i].attn, f"{site}_act").alpha[:, None, None]
                passed[site][i].append((inputs[site, i].abs() <= alpha).float().mean())
    for hook in hooks:
        hook.remove()

    def mean(rows):
        rows = torch.cat([r.flatten() for r in rows])
        rows = rows[~rows.isnan()]
        return rows.double().mean().item() if len(rows) else None

    flat = lambda layers: [row for layer in layers for row in layer]
    return dict(
        meanTauB=mean(flat(tau)), tauBByLayer=[mean(t) for t in tau],
        constantRowShare=mean(flat(constant)), constantRowShareByLayer=[mean(c) for c in constant],
        attentionCosine=mean(flat(cosine)),
        stePassShare={site: [mean(v) for v in layers] for site, layers in passed.items()},
    )


@torch.no_grad()
def widest_margin(model, images, prepare):
    """Index of the image whose sign inputs and window edges stay furthest from their thresholds.

    A golden must not hang on the last bit: another implementation's float32 noise would flip a sign and cascade.
    """
    if not hasattr(model.blocks[0].attn, "q_act"):
        return 0
    best, chosen = -1.0, 0
    for index in range(len(images)):
        margins, hooks = [], []
        for block in model.blocks:
            attn = block.attn
            for module in (block.norm1, block.norm2, attn.norm_q, attn.norm_k):
                hooks.append(module.register_forward_hook(lambda m, a, out: margins.append(out.abs().min())))
            for norm, act in ((attn.norm_q, attn.q_act), (attn.norm_k, attn.k_act)):
                hooks.append(norm.register_forward_hook(
                    lambda m, a, out, act=act: margins.append((out.abs() - act.alpha[:, None, None]).abs().min())))
            hooks.append(attn.attn_act.register_forward_pre_hook(lambda m, a: margins.extend(
                ((a[0] / m.alpha[:, None, None]) - edge).abs().min() for edge in (0.5, 1.0))))
        model(prepare(images[index : index + 1]))
        for hook in hooks:
            hook.remove()
        margin = min(m.item() for m in margins)
        if margin > best:
            best, chosen = margin, index
    return chosen


def golden_of(model, x, seed):
    """One input [1, channels, side, side]: every stage, and the gradients of sum(logits * cotangent). float32 arrays by key."""
    stages = Stages(gradients=True)
    for p in model.parameters():
        p.requires_grad_(True)
        p.grad = None
    logits = model(x, stages)
    cotangent = torch.randn(logits.shape, generator=torch.Generator().manual_seed(seed))
    (logits * cotangent).sum().backward()
    out = dict(input=x, logits=logits, logits_cotangent=cotangent)
    for stage, value in stages.items():
        where, _, name = stage.rpartition(".")
        out[stage] = value
        out[f"{where}.grad.{name}" if where else f"grad.{name}"] = value.grad
    packed = {id(m.weight) for m in model.modules() if type(m).__name__ == "BinaryLinear"}
    for key, p in model.named_parameters():
        if id(p) not in packed and p.grad is not None:
            out[f"grad.{key}"] = p.grad
    return {key: value.detach().numpy().astype(np.float32) for key, value in out.items()}
