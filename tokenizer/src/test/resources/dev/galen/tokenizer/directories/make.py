"""Makes cases.json: what transformers' AutoTokenizer makes of directories without tokenizer.json.

    pip install transformers==5.18.0 tokenizers==0.23.2 sentencepiece==0.2.2
    HF_HUB_OFFLINE=1 python make.py

"models" are files of ../random-texts that are there under another name.
"""

import json
import shutil
import tempfile
from pathlib import Path

import sentencepiece
from transformers import AutoTokenizer

here = Path(__file__).parent
texts = ["The patient denies chest pain.", "  HbA1c  7.2% <s>x</s> <user> naïve ", "患者は 🙂 <extra_id_0>!", "Sjögren's\n[MASK] [unk] sYm µg", ""]
words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "The", "patient", "den", "##ies", "chest", "pain", ".", "h", "##ba", "##1", "##c", "7", "2", "%", "na", "##ive", "naïve", "患", "者", "s", "##jo", "##gren", "'", "x", "<", ">", "sYm"]
cases = []
t5 = here.parent / "random-texts/spm-t5"
parts = json.loads((here.parent / "random-texts/parts.json").read_text())
lines = [" ".join(parts["words"][(i * k + k) % len(parts["words"])] for k in range(1, 12)) for i in range(300)]
sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(lines), model_prefix=str(t5), vocab_size=150, hard_vocab_limit=False, num_threads=1, minloglevel=2, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
Path(f"{t5}.vocab").unlink()


def case(name, files, models):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for file, content in files.items():
            (folder / file).write_text(content if isinstance(content, str) else json.dumps(content))
        for file, source in models.items():
            shutil.copy(here.parent / "random-texts" / source, folder / file)
        tokenizer = AutoTokenizer.from_pretrained(folder)
        ids = [tokenizer(t).input_ids for t in texts]
        offsets = [[list(o) for o in tokenizer(t, return_offsets_mapping=True).offset_mapping] for t in texts]
        pair = tokenizer(texts[0], texts[1])
        cases.append({"name": name, "files": files, "models": models, "ids": ids, "offsets": offsets, "decoded": [tokenizer.decode(i) if i else "" for i in ids], "pair": pair.input_ids, "size": len(tokenizer)})


bert = lambda **more: {"vocab.txt": "\n".join(words) + "\n", "config.json": {"model_type": "bert"}, **({"tokenizer_config.json": {"tokenizer_class": "BertTokenizer", **more}} if more else {})}
case("BERT", bert(), {})
case("BERT, cased", bert(do_lower_case=False), {})
case("BERT, accents", bert(strip_accents=False), {})
case("BERT, Chinese", bert(tokenize_chinese_chars=False), {})
case("BERT, other unknown token", bert(unk_token="[MASK]", mask_token="x"), {})
for flags in ({}, {"legacy": True}, {"add_bos_token": True}, {"add_eos_token": True, "add_bos_token": True}, {"add_prefix_space": False}, {"pad_token": "<pad>"}):
    case(f"LLaMA {flags}", {"tokenizer_config.json": {"tokenizer_class": "LlamaTokenizer", **flags}, "config.json": {"model_type": "llama"}}, {"tokenizer.model": "spm-bpe.model"})
case("T5", {"tokenizer_config.json": {"tokenizer_class": "T5Tokenizer"}, "config.json": {"model_type": "t5"}}, {"spiece.model": "spm-t5.model"})
case("T5, few sentinels", {"tokenizer_config.json": {"tokenizer_class": "T5Tokenizer", "extra_ids": 2}, "config.json": {"model_type": "t5"}}, {"spiece.model": "spm-t5.model"})
case("Mistral", {"config.json": {"model_type": "mistral"}}, {"tokenizer.model": "spm-bpe.model"})
case("any class, unigram", {"tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast"}, "config.json": {"model_type": "mistral"}}, {"tokenizer.model": "spm-unigram.model"})

with (here / "cases.json").open("w") as out:
    out.write('{"texts": %s,\n"cases": [\n%s\n]}\n' % (json.dumps(texts), ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)))
