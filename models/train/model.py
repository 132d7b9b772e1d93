"""The learned reader in PyTorch: MiniLM's six layers, and heads that look at words."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from data import COMPLETION, FILLERS, KINDS, REALIS, RELATIONS, SENTENCES, WHOSE

WIDTH, LAYERS, HEADS, INNER, PIECES, POSITIONS = 384, 6, 12, 1536, 30522, 512
# Width of the vectors by which a trigger asks and a word answers.
LINK = 48


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(WIDTH, WIDTH) for _ in range(3))
        self.out, self.norm = nn.Linear(WIDTH, WIDTH), nn.LayerNorm(WIDTH, eps=1e-12)
        self.up, self.down = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x, mask, drop):
        rows, length, _ = x.shape
        split = lambda y: y.view(rows, length, HEADS, WIDTH // HEADS).transpose(1, 2)
        seen = F.scaled_dot_product_attention(split(self.query(x)), split(self.key(x)), split(self.value(x)), mask)
        x = self.norm(x + drop(self.out(seen.transpose(1, 2).reshape(rows, length, WIDTH))))
        return self.norm2(x + drop(self.down(F.gelu(self.up(x)))))


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(PIECES, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.segment = nn.Parameter(torch.zeros(WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.drop = nn.Dropout(0.1)

    def forward(self, pieces, mask):
        x = self.words(pieces) + self.positions.weight[: pieces.shape[1]] + self.segment
        x = self.drop(self.norm(x))
        mask = mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask, self.drop)
        return x

    NAMES = {
        "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
        "out": "attention.output.dense", "norm": "attention.output.LayerNorm",
        "up": "intermediate.dense", "down": "output.dense", "norm2": "output.LayerNorm",
    }

    def from_hugging_face(self, tensors):
        """Takes the weights by the names that Hugging Face's BertModel has for them."""
        own = {
            "words.weight": tensors["embeddings.word_embeddings.weight"],
            "positions.weight": tensors["embeddings.position_embeddings.weight"],
            "segment": tensors["embeddings.token_type_embeddings.weight"][0],
            "norm.weight": tensors["embeddings.LayerNorm.weight"],
            "norm.bias": tensors["embeddings.LayerNorm.bias"],
        }
        for at in range(LAYERS):
            for ours, theirs in self.NAMES.items():
                for part in ("weight", "bias"):
                    own[f"layers.{at}.{ours}.{part}"] = tensors[f"encoder.layer.{at}.{theirs}.{part}"]
        self.load_state_dict(own)

    def hugging_face(self):
        own = {name: value.detach().float() for name, value in self.state_dict().items()}
        theirs = {
            "embeddings.word_embeddings.weight": own["words.weight"],
            "embeddings.position_embeddings.weight": own["positions.weight"],
            "embeddings.token_type_embeddings.weight": own["segment"][None].repeat(2, 1),
            "embeddings.LayerNorm.weight": own["norm.weight"],
            "embeddings.LayerNorm.bias": own["norm.bias"],
        }
        for at in range(LAYERS):
            for ours, name in self.NAMES.items():
                for part in ("weight", "bias"):
                    theirs[f"encoder.layer.{at}.{name}.{part}"] = own[f"layers.{at}.{ours}.{part}"]
        return theirs


class Reader(nn.Module):
    """What the heads say is in logits."""

    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.kind = nn.Linear(WIDTH, 1 + len(KINDS))
        self.realis = nn.Linear(WIDTH, len(REALIS))
        self.completion = nn.Linear(WIDTH, len(COMPLETION))
        self.whose = nn.Linear(WIDTH, len(WHOSE))
        self.fillers = nn.Linear(WIDTH, len(FILLERS))
        self.told = nn.Linear(WIDTH, len(SENTENCES))
        links = len(RELATIONS) + 1  # the last: of the same event
        self.ask = nn.Linear(WIDTH, links * LINK)
        self.answer = nn.Linear(WIDTH, links * LINK)
        self.alone = nn.Linear(WIDTH, links)
        self.drop = nn.Dropout(0.1)

    def words(self, pieces, mask, first):
        """The vector of each word: of its first piece."""
        hidden = self.encoder(pieces, mask)
        return self.drop(torch.gather(hidden, 1, first[:, :, None].expand(-1, -1, WIDTH)))

    def link(self, words, row, trigger):
        """For each trigger (row, word): relation × word of its row."""
        asked = self.ask(words[row, trigger]).view(len(row), -1, LINK)
        answers = self.answer(words).view(words.shape[0], words.shape[1], -1, LINK)[row]
        alone = self.alone(words)[row]
        return torch.einsum("trd,twrd->trw", asked, answers) / math.sqrt(LINK) + alone.transpose(1, 2)

    HEADS = ["kind", "realis", "completion", "whose", "fillers", "told", "ask", "answer", "alone"]
