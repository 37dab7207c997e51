"""The losses. `ranking_loss` stands alone so that it can be replaced once the paper's own is at hand."""

import torch
import torch.nn.functional as F


def ranking_loss(student_scores, teacher_scores, margin, shifts, generator=None):
    """mean over heads, rows and pairs (i, j) of relu(margin - (s_i - s_j) * sign(t_i - t_j)).

    After Liu et al., Post-Training Quantization for Vision Transformer, NeurIPS 2021, Eq. 13; the
    Bi-ViT paper's own formula was not at hand. s, t: scores before softmax [B, H, N, N]. The pairs of one call are a
    random subset: each of `shifts` random distances d pairs every key j of a row with key j + d (mod N). All pairs are
    equally likely over a run, and a roll costs a tenth of gathering random pairs.
    """
    keys = student_scores.shape[-1]
    total = 0.0
    for distance in torch.randint(1, keys, (shifts,), generator=generator).tolist():
        order = (teacher_scores - teacher_scores.roll(distance, -1)).sign_()
        gap = student_scores - student_scores.roll(distance, -1)
        total = total + torch.relu(margin - gap * order).mean()
    return total / shifts


def ranking_over_layers(student, teacher, settings, generator=None):
    """Mean of `ranking_loss` over the blocks; `student` and `teacher` are `Scores` of the same pictures."""
    each = [
        ranking_loss(s, t, settings["margin"], settings["shifts"], generator)
        for s, t in zip(student.values, teacher.values)
    ]
    return sum(each) / len(each)


def distillation_loss(student_logits, teacher_logits):
    """Cross-entropy of the student's classes against the teacher's shares of them, mean over pictures. logits [B, K]."""
    return -(teacher_logits.softmax(-1) * F.log_softmax(student_logits, -1)).sum(-1).mean()


class Scores:
    """A recorder that keeps the scores before softmax of every block."""

    def __init__(self):
        self.values = []

    def __call__(self, stage, value):
        if stage.endswith(".scores"):
            self.values.append(value)
        return value
