"""The pictures: Tiny-ImageNet's 64 x 64 JPEGs in shards, decoded once to bytes on the device, and photographs in a folder.

A shard is an .npz of `jpeg` (uint8, the files end to end), `offset` (int64 [n + 1]: where each begins) and `label` (uint16, an index
among ImageNet's 1,000 classes, which is what DeiT's head knows). Nothing of it is shipped.
"""

import csv
import io
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

SHAPE = dict(
    architecture="deit", imageSize=224, patchSize=16, inChannels=3, embedDim=192, depth=12, numHeads=3,
    mlpRatio=4, numClasses=1000, distilled=False, normEps=1e-6,
)
SIDE, RESIZED = 224, 256
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
SHARDS = {"train": [f"train-{i}.npz" for i in range(5)], "val": ["val.npz"]}


def load(split, folder, device="cpu", limit=0):
    """split 'train' or 'val' -> images uint8 [n, 3, 64, 64], labels int64 [n]; the first `limit` of them, 0: all."""
    images, labels = [], []
    for name in SHARDS[split]:
        taken = sum(map(len, labels))
        if limit and taken >= limit:
            break
        with np.load(os.path.join(folder, name)) as shard:
            count = min(len(shard["label"]), limit - taken) if limit else len(shard["label"])
            images.append(decode(shard["jpeg"], shard["offset"][: count + 1]))
            labels.append(shard["label"][:count].astype(np.int64))
    return torch.from_numpy(np.concatenate(images)).to(device), torch.from_numpy(np.concatenate(labels)).to(device)


def decode(jpeg, offset):
    """Files end to end -> uint8 [n, 3, 64, 64]. Pillow decodes outside Python's lock, so threads help."""
    def one(i):
        file = io.BytesIO(jpeg[offset[i] : offset[i + 1]].tobytes())
        return np.asarray(Image.open(file).convert("RGB")).transpose(2, 0, 1)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.stack(list(pool.map(one, range(len(offset) - 1))))


def load_photographs(folder, table="photos.csv"):
    """A table with `file` and `class_index` beside the photographs -> images uint8 [n, 3, 224, 224], labels int64 [n].

    Short side to 256, Pillow's bicubic, and the centre.
    """
    with open(os.path.join(folder, table), newline="") as f:
        rows = list(csv.DictReader(f))
    images = np.stack([centre_of(os.path.join(folder, row["file"])) for row in rows])
    return torch.from_numpy(images), torch.tensor([int(row["class_index"]) for row in rows])


def centre_of(path):
    """One photograph -> uint8 [3, 224, 224]."""
    image = Image.open(path).convert("RGB")
    short = min(image.size)
    width, height = (round(size * RESIZED / short) for size in image.size)
    left, top = (width - SIDE) // 2, (height - SIDE) // 2
    image = image.resize((width, height), Image.BICUBIC).crop((left, top, left + SIDE, top + SIDE))
    return np.asarray(image).transpose(2, 0, 1)


def normalize(images):
    """Bytes, or floats of 0 to 255, [n, 3, h, w] -> float, with ImageNet's mean and deviation."""
    mean, std = (torch.tensor(v, device=images.device)[:, None, None] * 255 for v in (MEAN, STD))
    return (images.float() - mean) / std


def prepare(images):
    """uint8 [n, 3, side, side] -> the model's input [n, 3, 224, 224]: enlarged to 256 and cut to the centre unless it has 224."""
    if images.shape[-1] == SIDE:
        return normalize(images)
    large = F.interpolate(images.float(), (RESIZED, RESIZED), mode="bicubic", align_corners=False).clamp(0, 255)
    edge = (RESIZED - SIDE) // 2
    return normalize(large[:, :, edge : edge + SIDE, edge : edge + SIDE])


def augment(images, recipe, generator):
    """Random resized crop and flip, then mixup of whole pictures -> the model's input. All on the images' device.

    images uint8 [n, 3, 64, 64]; recipe: cropScale (shares of the area), cropRatio (width by height), mixup (Beta's
    parameter; 0: none). The teacher judges what comes out, so that labels need no mixing. generator: on the same device.
    """
    n, device = len(images), images.device

    def uniform(low, high):
        return low + (high - low) * torch.rand(n, generator=generator, device=device)

    area = uniform(*recipe["cropScale"])
    log_ratio = uniform(*(float(np.log(r)) for r in recipe["cropRatio"]))
    width = (area.sqrt() * (log_ratio / 2).exp()).clamp(max=1)
    height = (area.sqrt() * (-log_ratio / 2).exp()).clamp(max=1)
    flip = torch.where(uniform(0, 1) < 0.5, -1.0, 1.0)
    zero = torch.zeros(n, device=device)
    # Places in the picture are -1 to 1: the crop is `width` wide around a centre at most 1 - width from the middle.
    rows = [
        torch.stack([width * flip, zero, uniform(-1, 1) * (1 - width)], 1),
        torch.stack([zero, height, uniform(-1, 1) * (1 - height)], 1),
    ]
    grid = F.affine_grid(torch.stack(rows, 1), (n, 3, SIDE, SIDE), align_corners=False)
    out = F.grid_sample(images.float(), grid, mode="bilinear", padding_mode="border", align_corners=False)
    if recipe["mixup"]:
        shares = np.random.default_rng(generator.initial_seed()).beta(recipe["mixup"], recipe["mixup"])
        out = out * shares + out[torch.randperm(n, generator=generator, device=device)] * (1 - shares)
    return normalize(out)
