"""Trains a workload of this bench in PyTorch. bench/pytorch.ts starts it as `pytorch.py FOLDER eager|graph`, asks in
lines for so many steps, and gets their losses in a line of JSON."""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F

folder, mode = pathlib.Path(sys.argv[1]), sys.argv[2]
plan = json.loads((folder / "plan.json").read_text())
numbers = torch.frombuffer(bytearray((folder / "numbers.bin").read_bytes()), dtype=torch.float32)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
arrays = {}
at = 0
for entry in plan["arrays"]:
    size = torch.Size(entry["shape"]).numel()
    arrays[entry["name"]] = numbers[at : at + size].reshape(entry["shape"]).to(device)
    at += size

xs, ys = arrays["x"], arrays["y"].long()
weights = [arrays[f"weight{i}"].requires_grad_() for i in range(3)]
biases = [arrays[f"bias{i}"].requires_grad_() for i in range(3)]
is_pfa = "kernel0" in arrays
kernels = [arrays[f"kernel{i}"].requires_grad_() for i in range(3)] if is_pfa else []
projections = [arrays[f"projection{i}"] for i in range(3)] if is_pfa else []
parameters = [*weights, *biases, *kernels]
optimizer = torch.optim.SGD(parameters, plan["rate"], plan["momentum"], weight_decay=plan["decay"])


def hidden(x):
    """The input of every layer, and the logits."""
    if plan["convolutional"]:
        a = F.relu(F.conv2d(x.reshape(-1, 1, 28, 28), weights[0], biases[0], padding=1))
        b = F.relu(F.conv2d(a, weights[1], biases[1], stride=2, padding=1))
        flat = b.flatten(1)
        return [x, a, flat], torch.addmm(biases[2], flat, weights[2])
    h1 = F.relu(torch.addmm(biases[0], x, weights[0]))
    h2 = F.relu(torch.addmm(biases[1], h1, weights[1]))
    return [x, h1, h2], torch.addmm(biases[2], h2, weights[2])


def backpropagate(x, y):
    loss = F.cross_entropy(hidden(x)[1], y)
    loss.backward()
    return loss.detach()


@torch.no_grad()
def feed_back(x, y):
    """PFA: the error e goes back as (e B) R^T; R learns from e B as W learns from e."""
    inputs, logits = hidden(x)
    error = F.softmax(logits, 1)
    loss = F.nll_loss(torch.log(error), y)
    error[torch.arange(len(y), device=device), y] -= 1
    error /= len(y)
    for i in (2, 1, 0):
        expanded = error @ projections[i]
        weights[i].grad = inputs[i].t() @ error
        biases[i].grad = error.sum(0)
        kernels[i].grad = inputs[i].t() @ expanded
        if i > 0:
            error = (expanded @ kernels[i].t()) * (inputs[i] > 0)
    return loss


def step(x, y):
    optimizer.zero_grad(set_to_none=True)
    loss = feed_back(x, y) if is_pfa else backpropagate(x, y)
    optimizer.step()
    return loss


def graph():
    """The step as a CUDA graph. What warming it up has changed is put back."""
    x, y = xs[0].clone(), ys[0].clone()
    saved = [parameter.detach().clone() for parameter in parameters]
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            step(x, y)
    torch.cuda.current_stream().wait_stream(side)
    captured = torch.cuda.CUDAGraph()
    with torch.cuda.graph(captured):
        loss = step(x, y)
    with torch.no_grad():
        for parameter, value in zip(parameters, saved):
            parameter.copy_(value)
        for state in optimizer.state.values():
            state["momentum_buffer"].zero_()

    def replay(next_x, next_y):
        x.copy_(next_x)
        y.copy_(next_y)
        captured.replay()
        return loss.clone()

    return replay


run = graph() if mode == "graph" else step
done = 0
for line in sys.stdin:
    losses = []
    for _ in range(int(line)):
        losses.append(run(xs[done % len(xs)], ys[done % len(xs)]))
        done += 1
    answer = torch.stack(losses).tolist()
    if device.type == "cuda":
        torch.cuda.synchronize()
    print(json.dumps(answer), flush=True)
