"""Quantizers of the embedded students: forward, surrogate derivative, scale gradient.

All signs are two-level with q(0) = +1 (also for -0.0), so that a sign is one bit.
Surrogates after the released Bi-ViT code (arXiv 2305.12354); the elastic attention quantizer
after BiT (Liu et al., NeurIPS 2022).
"""

import torch
from torch import nn
from torch.autograd import Function


def sign_of(x):
    """+1 where x >= 0 (so also at +0 and -0), else -1. Two vectorized passes; a comparison is slower on a CPU."""
    return torch.sign(x).add_(0.5).sign_()


def at_most(x, bound):
    """1 where x <= bound, else 0, as floats; overwrites nothing."""
    return (bound - x).sign_().add_(0.5).sign_().clamp_(min=0)


class BinaryLinearFunction(Function):
    """y = s * (sign(x) @ sign(W).T), s_o = mean_i |W_oi|; x [..., I], W [O, I] -> y [..., O].

    The integers are summed before the scale. Backward: Bi-Real 2 - 2|x| on |x| < 1 for x,
    1 on |W| <= 1 for W (not multiplied by s; s is detached).
    """

    @staticmethod
    def forward(ctx, x, weight):
        flat = x.reshape(-1, x.shape[-1])
        x_sign, w_sign = sign_of(flat), sign_of(weight)
        scale = weight.abs().mean(1)
        ctx.save_for_backward(flat, x_sign, weight, w_sign, scale)
        return (x_sign @ w_sign.t()).mul_(scale).reshape(*x.shape[:-1], -1)

    @staticmethod
    def backward(ctx, grad):
        flat, x_sign, weight, w_sign, scale = ctx.saved_tensors
        g = grad.reshape(-1, grad.shape[-1])
        window = flat.abs().mul_(-2).add_(2).clamp_(min=0)
        grad_x = (g @ (w_sign * scale[:, None])).mul_(window)
        grad_w = (g.t() @ x_sign).mul_(at_most(weight.abs(), 1))
        return grad_x.reshape(*grad.shape[:-1], -1), grad_w


class BinaryLinear(nn.Module):
    """A linear layer whose weights and inputs are signs; it has no bias."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(out_features, in_features))

    def forward(self, x):
        return BinaryLinearFunction.apply(x, self.weight)


class SignAlphaFunction(Function):
    """alpha * sign(x / alpha) with alpha [H] over x [B, H, N, D]; passes gradient where |x| <= alpha."""

    @staticmethod
    def forward(ctx, x, alpha):
        a = alpha[:, None, None]
        sign = sign_of(x)
        ctx.save_for_backward(x, sign, alpha)
        return sign * a

    @staticmethod
    def backward(ctx, grad):
        x, sign, alpha = ctx.saved_tensors
        a = alpha[:, None, None]
        inside = at_most(x.abs(), a)
        grad_x = grad * inside
        grad_alpha = None
        if ctx.needs_input_grad[1]:
            through = (grad * sign).sum((0, 2, 3)) - (grad_x * x).sum((0, 2, 3)) / alpha
            grad_alpha = through / x.numel() ** 0.5
        return grad_x, grad_alpha


class ElasticFunction(Function):
    """alpha * round(clip(p / alpha, 0, 1)), half to even, alpha [H] over p [B, H, N, N]; passes where 0 <= p <= alpha."""

    @staticmethod
    def forward(ctx, p, alpha):
        a = alpha[:, None, None]
        level = (p / a).clamp_(0, 1).round_()
        ctx.save_for_backward(p, level, alpha)
        return level * a

    @staticmethod
    def backward(ctx, grad):
        p, level, alpha = ctx.saved_tensors
        u = p / alpha[:, None, None]
        grad_p = grad * at_most(u, 1)  # a softmaxed p is never negative
        grad_alpha = None
        if ctx.needs_input_grad[1]:
            # outside the clip the level is constant, so d out / d alpha = level; inside it is level - u
            through = (grad * level).sum((0, 2, 3)) - (grad_p * u).sum((0, 2, 3))
            grad_alpha = through / p.numel() ** 0.5
        return grad_p, grad_alpha


class ActivationQuantizer(nn.Module):
    """Holds the head-wise alpha of one site. `learnable` is the scaling-factor switch.

    Off: alpha stays 1. On: alpha starts at 2 * mean|x| of the first training batch, per head.
    """

    def __init__(self, num_heads, function, learnable):
        super().__init__()
        self.function = function
        self.alpha = nn.Parameter(torch.ones(num_heads), requires_grad=learnable)
        self.register_buffer("started", torch.tensor(not learnable), persistent=True)
        self.is_started = not learnable

    def forward(self, x):
        if not self.is_started:
            if self.training and not bool(self.started):
                with torch.no_grad():
                    self.alpha.copy_(2 * x.detach().abs().mean((0, 2, 3)))
                    self.started.fill_(True)
            self.is_started = bool(self.started)
        return self.function.apply(x, self.alpha)


class IntegerMatmulFunction(Function):
    """(a / sa) @ (b / sb) * (sa * sb * factor): sums integers first, then scales; sa, sb [H].

    Same derivative as a @ b * factor. Used wherever a result is recorded or measured.
    """

    @staticmethod
    def forward(ctx, a, b, sa, sb, factor):
        ctx.save_for_backward(a, b)
        ctx.factor = factor
        sa, sb = sa[:, None, None], sb[:, None, None]
        return (torch.round(a / sa) @ torch.round(b / sb)) * (sa * sb * factor)

    @staticmethod
    def backward(ctx, grad):
        a, b = ctx.saved_tensors
        g = grad * ctx.factor
        return g @ b.transpose(-1, -2), a.transpose(-1, -2) @ g, None, None, None
