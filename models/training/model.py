"""The ViT in PyTorch, of any size, named as timm names it.

Full precision and binary differ by the layers chosen in `Attention` and `Mlp`; the data path is one.
Tokens: [cls, patches]; pre-norm blocks; LayerNorm eps 1e-6, norm_q/norm_k eps 1e-5 (students only).
"""

import torch
import torch.nn.functional as F
from torch import nn

from quantizers import ActivationQuantizer, BinaryLinear, ElasticFunction, IntegerMatmulFunction, SignAlphaFunction


def config_of(shape, binary):
    """The JSON configuration that travels in every checkpoint's header; `shape` is a family's, all but the quantization."""
    if binary:
        return dict(shape, quantization="bi-vit-elastic", qkNormEps=1e-5)
    return dict(shape, quantization="none")


class Attention(nn.Module):
    def __init__(self, c, binary, scaling):
        super().__init__()
        dim, self.heads = c["embedDim"], c["numHeads"]
        self.head_dim, self.binary = dim // self.heads, binary
        linear = BinaryLinear if binary else nn.Linear
        self.qkv, self.proj = linear(dim, 3 * dim), linear(dim, dim)
        if binary:
            self.norm_q = nn.LayerNorm(self.head_dim, eps=c["qkNormEps"])
            self.norm_k = nn.LayerNorm(self.head_dim, eps=c["qkNormEps"])
            self.q_act, self.k_act, self.v_act = (
                ActivationQuantizer(self.heads, SignAlphaFunction, scaling) for _ in range(3)
            )
            self.attn_act = ActivationQuantizer(self.heads, ElasticFunction, scaling)

    def forward(self, x, record):
        B, N, C = x.shape
        q, k, v = self.qkv(x).reshape(B, N, 3, self.heads, self.head_dim).permute(2, 0, 3, 1, 4)  # [B, H, N, D]
        factor = self.head_dim**-0.5
        if not self.binary:
            scores = record("scores", (q * factor) @ k.transpose(-1, -2))  # [B, H, N, N]
            attention = record("attention", scores.softmax(-1))
            mixed = attention @ v
        else:
            q = record("q_binary", self.q_act(self.norm_q(q)))
            k = record("k_binary", self.k_act(self.norm_k(k)))
            v = record("v_binary", self.v_act(v))
            scores = record("scores", self.product(q, k.transpose(-1, -2), self.q_act, self.k_act, factor))
            attention = record("attention", scores.softmax(-1))
            attention = record("attention_binary", self.attn_act(attention))
            mixed = self.product(attention, v, self.attn_act, self.v_act, 1.0)
        return record("out", self.proj(mixed.transpose(1, 2).reshape(B, N, C)))

    def product(self, a, b, a_act, b_act, factor):
        if self.training:  # the residue of unexact sums is harmless while training, and one pass cheaper
            return (a * factor) @ b if factor != 1.0 else a @ b
        return IntegerMatmulFunction.apply(a, b, a_act.alpha, b_act.alpha, factor)


class Mlp(nn.Module):
    def __init__(self, c, binary):
        super().__init__()
        dim, hidden = c["embedDim"], c["embedDim"] * c["mlpRatio"]
        linear = BinaryLinear if binary else nn.Linear
        self.fc1, self.fc2, self.binary = linear(dim, hidden), linear(hidden, dim), binary

    def forward(self, x):
        h = F.gelu(self.fc1(x))
        return self.fc2(h.clamp(-10, 10) if self.binary else h)


class Block(nn.Module):
    def __init__(self, c, binary, scaling):
        super().__init__()
        self.norm1 = nn.LayerNorm(c["embedDim"], eps=c["normEps"])
        self.attn = Attention(c, binary, scaling)
        self.norm2 = nn.LayerNorm(c["embedDim"], eps=c["normEps"])
        self.mlp = Mlp(c, binary)

    def forward(self, x, record):
        x = x + self.attn(self.norm1(x), record)
        return record("output", x + self.mlp(self.norm2(x)))


class PatchEmbed(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.proj = nn.Conv2d(c["inChannels"], c["embedDim"], c["patchSize"], c["patchSize"])

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)  # [B, N - 1, C]


class Vit(nn.Module):
    """forward(image [B, channels, side, side], record) -> logits [B, classes]; `record(stage, value)` sees every stage."""

    def __init__(self, shape, binary=False, scaling=False):
        super().__init__()
        c = self.config = config_of(shape, binary)
        patches = (c["imageSize"] // c["patchSize"]) ** 2
        self.cls_token = nn.Parameter(torch.zeros(1, 1, c["embedDim"]))
        self.pos_embed = nn.Parameter(torch.zeros(1, patches + 1, c["embedDim"]))
        self.patch_embed = PatchEmbed(c)
        self.blocks = nn.ModuleList(Block(c, binary, scaling) for _ in range(c["depth"]))
        self.norm = nn.LayerNorm(c["embedDim"], eps=c["normEps"])
        self.head = nn.Linear(c["embedDim"], c["numClasses"])

    def forward(self, image, record=lambda stage, value: value):
        x = self.patch_embed(image)
        x = torch.cat([self.cls_token.expand(x.shape[0], -1, -1), x], 1) + self.pos_embed
        x = record("tokens", x)
        for i, block in enumerate(self.blocks):
            x = block(x, lambda stage, value, i=i: record(f"blocks.{i}.{stage}", value))
        x = record("norm", self.norm(x))
        return self.head(x[:, 0])


def initialize_teacher(model):
    """DeiT's start: truncated normal 0.02 for tokens and linears, zero biases."""
    for name, p in model.named_parameters():
        if name.endswith("bias"):
            nn.init.zeros_(p)
        elif p.dim() >= 2:
            nn.init.trunc_normal_(p, std=0.02 if "proj" in name or "token" in name or "pos" in name else 0.05)
    return model


def initialize_student(model, teacher_state):
    """Everything the teacher has by name and shape; norm_q, norm_k and alphas keep their own start."""
    own = model.state_dict()
    taken = {k: v for k, v in teacher_state.items() if k in own and own[k].shape == v.shape}
    model.load_state_dict({**own, **taken})
    return model
