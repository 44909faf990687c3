"""Evaluates an exported network of fully connected layers in plain PyTorch: test loss and accuracy of each replica.

    pip install torch numpy safetensors
    python scripts/evaluate_checkpoint.py runs/pfa/step-000937.safetensors public/datasets/mnist
"""

import argparse
import gzip
import json
import re
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch.nn import functional

IDX_TYPES = {0x08: np.dtype("u1"), 0x0D: np.dtype(">f4"), 0x0E: np.dtype(">f8")}


def read_idx(path: Path) -> np.ndarray:
    """The array of an IDX file, raw or gzip."""
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    kind, rank = data[2], data[3]
    shape = np.frombuffer(data, ">u4", rank, 4)
    return np.frombuffer(data, IDX_TYPES[kind], offset=4 + 4 * rank).reshape(shape)


def read_split(folder: Path, split: str, mean: float, std: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Flat images and labels. Bytes are scaled to [0, 1] and normalised; floats are used as they are."""
    images, labels = (
        read_idx(next(path for path in sorted(folder.iterdir()) if re.match(f"{split}.*{kind}", path.name)))
        for kind in ("images", "labels")
    )
    scaled = (images / 255 - mean) / std if images.dtype == np.uint8 else images
    return torch.tensor(scaled.reshape(len(images), -1), dtype=torch.float32), torch.tensor(labels, dtype=torch.long)


def forward(tensors: dict[str, torch.Tensor], layers: list[str], x: torch.Tensor) -> torch.Tensor:
    """The logits. `layers` is the notation of the hidden layers: 512 has a ReLU behind it, 512l has none."""
    for k, layer in enumerate(layers):
        x = functional.linear(x, tensors[f"layers.{k}.weight"], tensors[f"layers.{k}.bias"])
        x = x if layer.endswith("l") else functional.relu(x)
    k = len(layers)
    return functional.linear(x, tensors[f"layers.{k}.weight"], tensors[f"layers.{k}.bias"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("data", type=Path, help="folder of the IDX files")
    parser.add_argument("--split", choices=["t10k", "train"], default="t10k")
    parser.add_argument("--mean", type=float, default=0.1307, help="of the pixels in [0, 1]; MNIST's by default")
    parser.add_argument("--std", type=float, default=0.3081)
    options = parser.parse_args()

    with safe_open(options.checkpoint, framework="pt") as file:
        experiment = json.loads(file.metadata()["experiment"])
    layers = [layer for layer in experiment["layers"].split("-") if layer]
    if not all(re.fullmatch(r"\d+l?", layer) for layer in layers):
        parser.error(f"only fully connected layers are evaluated here, and this network is {experiment['layers']}")

    # What the page's charts were drawn of is no part of the network.
    tensors = {k: v for k, v in load_file(options.checkpoint).items() if not k.startswith("curves.")}
    images, labels = read_split(options.data, options.split, options.mean, options.std)
    replicas = experiment["replicas"]
    for replica in range(replicas):
        network = tensors if replicas == 1 else {name: tensor[replica] for name, tensor in tensors.items()}
        with torch.no_grad():
            logits = forward(network, layers, images)
        loss = functional.cross_entropy(logits, labels).item()
        accuracy = (logits.argmax(1) == labels).float().mean().item()
        print(f"replica {replica}  loss {loss:.6f}  accuracy {100 * accuracy:.2f} %")


if __name__ == "__main__":
    main()
