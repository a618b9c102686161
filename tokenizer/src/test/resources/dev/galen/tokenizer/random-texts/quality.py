"""How many tokens a tenth of the first 12,000 lines of a text takes after training on the others.

    python quality.py ../shared/data/tinyshakespeare/input.txt
"""

import sys
from pathlib import Path

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

lines = Path(sys.argv[1]).read_text().split("\n")[:12_000]
cut = len(lines) * 9 // 10


def tokens(tokenizer, trainer):
    tokenizer.train_from_iterator(lines[:cut], trainer)
    return sum(len(tokenizer.encode(line, add_special_tokens=False).ids) for line in lines[cut:])


bert = Tokenizer(models.WordPiece(unk_token="[UNK]"))
bert.normalizer, bert.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
print("WordPiece", tokens(bert, trainers.WordPieceTrainer(vocab_size=4000, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False)))
t5 = Tokenizer(models.Unigram())
t5.normalizer, t5.pre_tokenizer = normalizers.NFKC(), pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
print("Unigram", tokens(t5, trainers.UnigramTrainer(vocab_size=4000, unk_token="<unk>", special_tokens=["<pad>", "</s>", "<unk>"], show_progress=False)))
