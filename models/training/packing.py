"""The file that the app reads: safetensors, a binary linear as one bit a weight and one scale a row."""

import json
import struct

import numpy as np
import torch

from quantizers import BinaryLinear, sign_of

KINDS = {np.dtype("float32"): "F32", np.dtype("float16"): "F16", np.dtype("uint8"): "U8"}
DTYPES = {kind: dtype for dtype, kind in KINDS.items()}


def write_safetensors(path, tensors, metadata):
    """The safetensors layout: u64 header length, JSON header padded to 8 bytes, then the bytes in order."""
    header, offset = {"__metadata__": metadata}, 0
    for key, value in tensors.items():
        header[key] = dict(dtype=KINDS[value.dtype], shape=list(value.shape), data_offsets=[offset, offset + value.nbytes])
        offset += value.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        for value in tensors.values():
            f.write(np.ascontiguousarray(value).tobytes())


def read_safetensors(path):
    """{key: array} of the kinds that `write_safetensors` writes."""
    with open(path, "rb") as f:
        raw = f.read()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    header.pop("__metadata__", None)
    out = {}
    for key, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        out[key] = np.frombuffer(raw[begin:end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return out


def binary_linears(model):
    """{name: module}"""
    return {name: module for name, module in model.named_modules() if isinstance(module, BinaryLinear)}


def packed_state(model, real=np.float32):
    """state_dict with `X.weight` of each binary linear replaced by `X.weight_bits` (LSB first, 1 = +1) and `X.weight_scale`.

    real: the kind of everything that is not a bit. The quantizers' bookkeeping stays behind.
    """
    binary = binary_linears(model)
    out = {}
    for key, value in model.state_dict().items():
        owner = key.rsplit(".", 1)[0]
        if key.endswith(".started"):
            continue
        if owner in binary:
            bits = (sign_of(value) > 0).numpy().astype(np.uint8)
            out[f"{owner}.weight_bits"] = np.packbits(bits, axis=1, bitorder="little")
            out[f"{owner}.weight_scale"] = value.abs().mean(1).numpy().astype(real)
        else:
            out[key] = value.numpy().astype(real)
    return out


def load_packed(model, tensors):
    """The model with what a packed file holds: weights are sign times scale, so that it is the model that ships."""
    state = model.state_dict()
    for key in state:
        owner = key.rsplit(".", 1)[0]
        if key.endswith(".started"):
            state[key] = torch.tensor(True)
        elif f"{owner}.weight_bits" in tensors and key.endswith(".weight"):
            bits = np.unpackbits(tensors[f"{owner}.weight_bits"], axis=1, bitorder="little")[:, : state[key].shape[1]]
            scale = tensors[f"{owner}.weight_scale"].astype(np.float32)
            state[key] = torch.from_numpy((bits.astype(np.float32) * 2 - 1) * scale[:, None])
        else:
            state[key] = torch.from_numpy(tensors[key].astype(np.float32))
    model.load_state_dict(state)
    return model.eval()
