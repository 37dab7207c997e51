"""The losses. `ranking_loss` stands alone so that it can be replaced once the paper's own is at hand."""

import torch


def ranking_loss(student_scores, teacher_scores, margin, shuffles, generator=None):
    """mean over heads, rows and pairs (i, j) of relu(margin - (s_i - s_j) * sign(t_i - t_j)).

    After Liu et al., Post-Training Quantization for Vision Transformer, NeurIPS 2021, Eq. 13; the
    Bi-ViT paper's own formula was not at hand. s, t: scores before softmax [B, H, N, N]. The pairs are
    a random subset: each of `shuffles` permutations pi of the keys gives the N pairs (j, pi(j)) of every row,
    which costs one column gather instead of N^2 differences.
    """
    keys = student_scores.shape[-1]
    total = 0.0
    for _ in range(shuffles):
        pi = torch.randperm(keys, generator=generator).to(student_scores.device)
        order = (teacher_scores - teacher_scores[..., pi]).sign_()
        gap = student_scores - student_scores[..., pi]
        total = total + torch.relu(margin - gap * order).mean()
    return total / shuffles
