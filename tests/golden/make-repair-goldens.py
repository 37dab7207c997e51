"""Writes repair.golden.json: the students' logits after each repair, by PyTorch in float64, head by head in a plain loop.

    OMP_NUM_THREADS=1 /usr/bin/python3 tests/golden/make-repair-goldens.py

One forward for each patch (no batch, no masks): the products of unpatched heads sum integers, those of a patched head floats.
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "models" / "training"))
from model import Attention, Vit  # noqa: E402

CHECKPOINTS = ROOT / "models" / "checkpoints"
PICTURES = [9, 20]
STUDENTS = ["baseline", "scaling", "ranking", "bi-vit"]


def open_safetensors(path):
    raw = path.read_bytes()
    (size,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + size])
    kinds = {"F32": np.float32, "U8": np.uint8}
    tensors = {}
    for key, entry in header.items():
        if key == "__metadata__":
            continue
        start, end = (8 + size + offset for offset in entry["data_offsets"])
        tensors[key] = np.frombuffer(raw[start:end], kinds[entry["dtype"]]).reshape(entry["shape"])
    return tensors


def open_model(name):
    tensors = open_safetensors(CHECKPOINTS / f"{name}.safetensors")
    model = Vit(binary=name != "teacher")
    state = {}
    for key, own in model.state_dict().items():
        if key + "_bits" in tensors:  # a row's scale is the mean of what stands in it
            rows, columns = own.shape
            bits = np.unpackbits(tensors[key + "_bits"], axis=1, bitorder="little")[:, :columns]
            state[key] = torch.tensor((bits * 2.0 - 1) * tensors[key + "_scale"][:, None].astype(np.float64))
        elif key.endswith(".started"):
            state[key] = torch.tensor(True)
        else:
            state[key] = torch.tensor(tensors[key].astype(np.float64))
    model.load_state_dict(state)
    return model.double().eval()


def head_by_head(patched):
    """The product of `Attention`, with the heads in `patched` (of the layer at hand) as plain floats."""

    def product(self, a, b, a_act, b_act, factor):
        heads = []
        for h in range(self.heads):
            sa, sb = a_act.alpha[h], b_act.alpha[h]
            if a_act is self.attn_act and (self.layer, h) in patched:
                heads.append((a[:, h] @ torch.round(b[:, h] / sb)) * sb)
            else:
                heads.append((torch.round(a[:, h] / sa) @ torch.round(b[:, h] / sb)) * (sa * sb * factor))
        return torch.stack(heads, 1)

    return product


def logits_of(student, image, teacher_attention, patched):
    Attention.product = head_by_head(patched)

    def record(stage, value):
        if not stage.endswith(".attention_binary"):
            return value
        layer = int(stage.split(".")[1])
        value = value.clone()
        for h in range(value.shape[1]):
            if (layer, h) in patched:
                value[:, h] = teacher_attention[layer][:, h]
        return value

    return student(image, record)[0].tolist()


@torch.no_grad()
def main():
    raw = (CHECKPOINTS / "samples" / "fashion-mnist-1000-images-idx3-ubyte").read_bytes()[16:]
    teacher = open_model("teacher")
    result = {}
    for picture in PICTURES:
        pixels = np.frombuffer(raw[picture * 784 : (picture + 1) * 784], np.uint8).astype(np.float64) / 255
        image = torch.tensor((pixels - 0.286) / 0.353).reshape(1, 1, 28, 28)
        attention = {}

        def keep(stage, value):
            if stage.endswith(".attention"):
                attention[int(stage.split(".")[1])] = value
            return value

        teacher(image, keep)
        for name in STUDENTS:
            student = open_model(name)
            for layer, block in enumerate(student.blocks):
                block.attn.layer = layer
            layers, heads = range(4), range(4)
            run = lambda patched: logits_of(student, image, attention, patched)  # noqa: E731
            result[f"{name} {picture}"] = {
                "none": run(set()),
                "heads": [[run({(l, h)}) for h in heads] for l in layers],
                "layers": [run({(l, h) for h in heads}) for l in layers],
                "all": run({(l, h) for l in layers for h in heads}),
            }
    rounded = json.loads(json.dumps(result), parse_float=lambda text: round(float(text), 7))
    (Path(__file__).parent / "repair.golden.json").write_text(json.dumps(rounded) + "\n")


main()
