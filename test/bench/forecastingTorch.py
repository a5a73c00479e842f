"""One step of the same network in PyTorch, for the bench beside: LAYERS THREADS ROUNDS SHAPES (as JSON)."""
import json
import resource
import sys
import time

import torch
from torch.nn.functional import layer_norm, linear, relu, rms_norm, scaled_dot_product_attention, silu

layers, threads, rounds, shapes = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), json.loads(sys.argv[4])
torch.set_num_threads(threads)
torch.manual_seed(1)
WIDTH, HEADS, PATCH, OUTPUTS, TOKENS_A_ROUND, MAX_RUNS = 1280, 16, 32, 1280, 512, 8


def matrix(rows, columns):
    return torch.randn(rows, columns) * 0.7 / columns**0.5, torch.zeros(rows)


def block(columns, rows):
    return matrix(WIDTH, columns), matrix(rows, WIDTH), matrix(rows, columns)


def residual(x, weights):
    hidden, output, skip = weights
    return linear(silu(linear(x, *hidden)), *output) + linear(x, *skip)


tokenizer, head, ones, zeros = block(2 * PATCH, WIDTH), block(WIDTH, OUTPUTS), torch.ones(WIDTH), torch.zeros(WIDTH)
stack = [(matrix(3 * WIDTH, WIDTH), matrix(WIDTH, WIDTH), matrix(WIDTH, WIDTH), matrix(WIDTH, WIDTH)) for _ in range(layers)]
scale = torch.rand(WIDTH // HEADS)


def step(tokens):
    rows, count, _ = tokens.shape
    h = residual(tokens, tokenizer)
    for qkv, out, up, down in stack:
        q, k, v = linear(rms_norm(h, (WIDTH,), ones, 1e-6), *qkv).view(rows, count, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        mixed = scaled_dot_product_attention(q * scale, k, v, is_causal=True, scale=1.0)
        h = h + linear(mixed.transpose(1, 2).reshape(rows, count, WIDTH), *out)
        h = h + linear(relu(linear(layer_norm(h, (WIDTH,), ones, zeros, 1e-6), *up)), *down)
    return residual(h[:, -1], head)


with torch.inference_mode():
    for context, rows in shapes:
        tokens = torch.randn(rows, context // PATCH, 2 * PATCH)
        runs = min(MAX_RUNS, max(1, round(TOKENS_A_ROUND / (context // PATCH * rows))))
        clock, cpu = float("inf"), float("inf")
        for _ in range(rounds):
            began, cpu_began = time.perf_counter(), time.process_time()
            for _ in range(runs):
                step(tokens)
            clock = min(clock, (time.perf_counter() - began) / runs)
            cpu = min(cpu, (time.process_time() - cpu_began) / runs)
        print(f"{f'{context}x{rows}':8} PyTorch {torch.__version__} {clock * 1e3:.1f} ms (CPU {cpu * 1e3:.1f})")
print(f"PyTorch: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6:.0f} MB at most")
