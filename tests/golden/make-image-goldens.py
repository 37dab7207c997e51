"""Makes tests/golden/images.json: what Pillow gives for small synthetic pictures.

Run:  /usr/bin/python3 tests/golden/make-image-goldens.py     (needs python3-pil only)

The pictures are not stored: both sides make them from the same 32-bit linear congruential generator
(state = 1664525 state + 1013904223 mod 2^32, a value is the top byte), optionally blended with a ramp, so the file holds results alone.
A golden of more than 1 kB is stored as a SHA-256 of its bytes: the comparison is exact anyway.
"""

import base64
import hashlib
import json
import pathlib

import PIL
from PIL import Image

FILTERS = {
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
}


def picture(seed: int, width: int, height: int, smooth: bool) -> Image.Image:
    """RGB noise; smooth: three quarters ramp, one quarter noise."""
    state = seed
    values = bytearray()
    for y in range(height):
        for x in range(width):
            for channel in range(3):
                state = (1664525 * state + 1013904223) & 0xFFFFFFFF
                noise = state >> 24
                ramp = ((x * 255) // width + (y * 255) // height * (channel + 1)) % 256
                values.append((3 * ramp + noise) // 4 if smooth else noise)
    return Image.frombytes("RGB", (width, height), bytes(values))


def stored(data: bytes) -> dict:
    entry = {"sha256": hashlib.sha256(data).hexdigest()}
    if len(data) <= 1024:
        entry["bytes"] = base64.b64encode(data).decode()
    return entry


def resize_case(seed, width, height, smooth, out_width, out_height, name, box=None):
    image = picture(seed, width, height, smooth)
    result = image.resize((out_width, out_height), FILTERS[name], box=box)
    return {
        "seed": seed, "width": width, "height": height, "smooth": smooth,
        "outWidth": out_width, "outHeight": out_height, "filter": name, "box": box,
        "source": hashlib.sha256(image.tobytes()).hexdigest(), **stored(result.tobytes()),
    }


def grey_case(seed, width, height, out_size, box=None):
    image = picture(seed, width, height, True)
    luma = image.convert("L")
    small = luma.resize((out_size, out_size), FILTERS["bicubic"], box=box)
    return {
        "seed": seed, "width": width, "height": height, "box": box, "outSize": out_size,
        "luma": hashlib.sha256(luma.tobytes()).hexdigest(), **stored(small.tobytes()),
    }


def imagenet_case(seed, width, height, resize, crop):
    """torchvision's Resize(resize) and CenterCrop(crop) on a PIL image, written out (torchvision is not needed)."""
    image = picture(seed, width, height, True)
    short, long = min(width, height), max(width, height)
    if short != resize:
        long = int(resize * long / short)
        size = (resize, long) if width <= height else (long, resize)
        image = image.resize(size, FILTERS["bicubic"])
    top = int(round((image.height - crop) / 2.0))
    left = int(round((image.width - crop) / 2.0))
    cropped = image.crop((left, top, left + crop, top + crop))
    return {
        "seed": seed, "width": width, "height": height, "resize": resize, "crop": crop,
        "resizedWidth": image.width, "resizedHeight": image.height, "left": left, "top": top,
        **stored(cropped.tobytes()),
    }


resize_cases = []
for index, (width, height, out_width, out_height) in enumerate(
    [(37, 23, 16, 16), (7, 5, 28, 28), (64, 48, 21, 64), (50, 50, 50, 20), (33, 41, 11, 41), (1, 1, 3, 4), (299, 200, 28, 28), (90, 1, 7, 2)]
):
    for name in FILTERS:
        resize_cases.append(resize_case(100 + index, width, height, index % 2 == 0, out_width, out_height, name))
for name in FILTERS:
    resize_cases.append(resize_case(200, 40, 30, True, 14, 14, name, (5, 2, 33, 30)))
    resize_cases.append(resize_case(201, 40, 30, False, 28, 28, name, (3.25, 1.5, 20.75, 19)))

golden = {
    "pillow": PIL.__version__,
    "made": "tests/golden/make-image-goldens.py",
    "resize": resize_cases,
    "grey": [grey_case(300, 60, 45, 28), grey_case(301, 28, 28, 28), grey_case(302, 100, 80, 28, (10, 5, 70, 65))],
    "imagenet": [
        imagenet_case(400, 299, 299, 256, 224),
        imagenet_case(401, 400, 300, 256, 224),
        imagenet_case(402, 311, 487, 256, 224),
        imagenet_case(403, 256, 300, 256, 224),
        imagenet_case(404, 61, 50, 36, 32),
        imagenet_case(405, 51, 64, 37, 32),
        imagenet_case(406, 20, 90, 35, 32),
    ],
}
path = pathlib.Path(__file__).with_name("images.json")
path.write_text(json.dumps(golden, indent=1) + "\n")
print(f"{path}: {path.stat().st_size} bytes, Pillow {PIL.__version__}")
