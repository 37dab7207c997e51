"""Fashion-MNIST (MIT licence) from its IDX files, and the augmentation."""

import gzip
import os
import struct

import numpy as np
import torch

MEAN, STD = 0.2860, 0.3530
SHAPE = dict(
    architecture="deit", imageSize=28, patchSize=4, inChannels=1, embedDim=64, depth=4, numHeads=4,
    mlpRatio=4, numClasses=10, distilled=False, normEps=1e-6,
)
DEBIAN_PATH = "/usr/share/datasets/fashion-mnist"


def read_idx(path):
    """One IDX file of bytes, plain or gzipped -> uint8 array of its shape."""
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as f:
        raw = f.read()
    kind, rank = raw[2], raw[3]
    if kind != 8:
        raise ValueError(f"{path}: expected unsigned bytes (type 8), found type {kind}")
    shape = struct.unpack(f">{rank}I", raw[4 : 4 + 4 * rank])
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * rank).reshape(shape)


def load(split, folder=DEBIAN_PATH, device="cpu"):
    """split 'train' or 't10k' -> images uint8 [n, 28, 28], labels int64 [n]."""
    def find(kind):
        for ending in ("", ".gz"):
            path = os.path.join(folder, f"{split}-{kind}-ubyte{ending}")
            if os.path.exists(path):
                return path
        raise FileNotFoundError(f"{split}-{kind}-ubyte not in {folder}: apt-get install dataset-fashion-mnist, or --data DIR")
    images = torch.from_numpy(read_idx(find("images-idx3")).copy())
    labels = torch.from_numpy(read_idx(find("labels-idx1")).astype(np.int64))
    return images.to(device), labels.to(device)


def normalize(images):
    """uint8 [n, 28, 28] -> float [n, 1, 28, 28] with the training set's mean and deviation."""
    return ((images.float() / 255 - MEAN) / STD)[:, None]


def augment(images, generator, shift):
    """Random horizontal flip, and a shift of up to `shift` pixels filled with black. uint8 in, uint8 out."""
    n = images.shape[0]
    flip = torch.rand(n, generator=generator).lt(0.5).to(images.device)
    images = torch.where(flip[:, None, None], images.flip(2), images)
    if not shift:
        return images
    dy, dx = torch.randint(0, 2 * shift + 1, (2, n), generator=generator).to(images.device)
    padded = torch.nn.functional.pad(images, (shift,) * 4)
    rows = dy[:, None] + torch.arange(28, device=images.device)
    columns = dx[:, None] + torch.arange(28, device=images.device)
    which = torch.arange(n, device=images.device)[:, None, None]
    return padded[which, rows[:, :, None], columns[:, None, :]]
