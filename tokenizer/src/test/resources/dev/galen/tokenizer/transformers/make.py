"""Makes cases.json: what transformers' AutoTokenizer makes of a directory that says something.

    pip install transformers==5.18.0 tokenizers==0.23.2
    HF_HUB_OFFLINE=1 python make.py

Every case is ../huggingface/tokenizer.json with a patch (RFC 7396, but a null is set), or its bare
vocabulary and merges, and the files beside it. "ids" are tokenizer(text).input_ids with special
tokens parsed, "decoded" the text of the first. What Galen does not do it refuses: "refused" is how
its message goes on behind the directory.
"""

import json
import tempfile
from pathlib import Path

from transformers import AutoTokenizer

here = Path(__file__).parent
base = json.loads((here.parent / "huggingface/tokenizer.json").read_text())
texts = ["the patient", " the  patients", "a  <mask> b<|endoftext|>", "x<|end|>  y<pad>"]
FILE = {"tokenizer_class": "PreTrainedTokenizerFast"}
GPT2 = {"tokenizer_class": "GPT2Tokenizer"}
END, PAD = "<|endoftext|>", "<pad>"
ids = {END: 0, PAD: 1}
BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True}


def template(before, after):
    piece = lambda name: {"SpecialToken": {"id": name, "type_id": 0}}
    text = lambda name: [*map(piece, before), {"Sequence": {"id": name, "type_id": 0}}, *map(piece, after)]
    special = {name: {"id": name, "ids": [ids[name]], "tokens": [name]} for name in before + after}
    return {"type": "TemplateProcessing", "single": text("A"), "pair": text("A") + text("B"), "special_tokens": special}


def sequence(*processors):
    return {"post_processor": {"type": "Sequence", "processors": list(processors)}}


def patched(value, patch):
    if not isinstance(patch, dict) or not isinstance(value, dict):
        return patch
    return {**value, **{k: patched(value.get(k), v) for k, v in patch.items()}}


cases = []


def case(name, patch=None, config=None, bare=False, refused=None, appended=(), unending=False, **files):
    files = {{"model_config": "config.json"}.get(k, k + ".json"): v for k, v in files.items()}
    if config is not None:
        files["tokenizer_config.json"] = config
    made = {"name": name, "patch": patch or {}, "bare": bare, "files": files}
    if unending:
        made["unending"] = True
    if refused is None:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), made)
            tokenizer = AutoTokenizer.from_pretrained(folder)
            read = texts + [" a ".join(appended)] if appended else texts
            made["ids"] = [tokenizer(text).input_ids for text in read]
            made["decoded"] = tokenizer.decode(made["ids"][0])
            if appended:
                known = tokenizer.added_tokens_decoder
                ids = [tokenizer.convert_tokens_to_ids(token) for token in appended]
                made["appended"] = [[token, id, known[id].special] for token, id in zip(appended, ids)]
                made["pad"] = tokenizer.pad_token_id
    else:
        made["refused"] = refused
    cases.append(made)


def write(folder, made):
    whole = patched(base, made["patch"])
    if made["bare"]:
        (folder / "vocab.json").write_text(json.dumps(base["model"]["vocab"]))
        (folder / "merges.txt").write_text("".join(" ".join(m) + "\n" for m in base["model"]["merges"]))
    else:
        text = json.dumps(whole)
        (folder / "tokenizer.json").write_text(text.replace(END, "[0]") if "unending" in made else text)
    for name, content in made["files"].items():
        (folder / name).write_text(json.dumps(content))


MODEL = {"model_type": "gpt2", "vocab_size": 506, "n_embd": 8, "n_head": 2, "n_layer": 1, "n_positions": 16}
for name, config in (("file", FILE), ("gpt2", GPT2), ("model", None)):
    beside = {"model_config": MODEL} if config is None else {}
    both = lambda **more: {**(config or {}), **more}
    case(f"{name}: as it is", config=config, **beside)
    case(f"{name}: template", {"post_processor": template([END], [PAD])}, config, **beside)
    case(f"{name}: template begins", {"post_processor": template([END, PAD], [])}, config, **beside)
    case(f"{name}: sequence", sequence(BYTE_LEVEL, template([PAD], [END])), config, **beside)
    case(f"{name}: roberta", {"post_processor": {"type": "RobertaProcessing", "sep": [PAD, 1], "cls": [END, 0], "trim_offsets": True, "add_prefix_space": False}}, config, **beside)
    case(f"{name}: bert", {"post_processor": {"type": "BertProcessing", "sep": [PAD, 1], "cls": [END, 0]}}, config, **beside)
    case(f"{name}: no post-processor", {"post_processor": None}, config, **beside)
    case(f"{name}: add_bos_token is nothing beside tokenizer.json", config=both(add_bos_token=True, add_eos_token=True, bos_token=END, eos_token=END), **beside)
    case(f"{name}: space in front by tokenizer.json", {"pre_tokenizer": {"add_prefix_space": True}}, config, **beside)
    case(f"{name}: space in front by tokenizer_config.json", config=both(add_prefix_space=True), **beside)
    case(f"{name}: ignore_merges", {"model": {"ignore_merges": True, "merges": []}}, config, **beside)
    case(f"{name}: truncation and padding", {"truncation": {"direction": "Right", "max_length": 1, "strategy": "LongestFirst", "stride": 0}, "padding": {"strategy": {"Fixed": 8}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 1, "pad_type_id": 0, "pad_token": PAD}}, both(model_max_length=1), **beside)
    case(f"{name}: unk_token and fuse_unk", {"model": {"unk_token": PAD, "fuse_unk": True}}, config, **beside)
    case(f"{name}: flags by tokenizer_config.json", config=both(added_tokens_decoder={str(t["id"]): {**{k: v for k, v in t.items() if k != "id"}, "lstrip": True, "rstrip": True} for t in base["added_tokens"]}), **beside)
    case(f"{name}: roles and other special tokens", config=both(pad_token="mmHg", extra_special_tokens=["🙂"], image_token="lisinopril 10 mg", clean_up_tokenization_spaces=True), **beside)
    case(f"{name}: the map wins", config=both(eos_token="the"), special_tokens_map={"eos_token": PAD, "additional_special_tokens": ["mmHg"]}, **beside)

case("bare vocabulary", config=GPT2, bare=True)
case("bare: add_bos_token", config={**GPT2, "add_bos_token": True}, bare=True)
case("bare: add_eos_token", config={**GPT2, "add_eos_token": True, "eos_token": PAD, "bos_token": PAD}, bare=True)
case("bare: both", config={**GPT2, "add_bos_token": True, "add_eos_token": True, "bos_token": PAD}, bare=True)
case("bare: space in front", config={**GPT2, "add_prefix_space": True}, bare=True)
case("bare: added_tokens.json", config=GPT2, bare=True, added_tokens={"<mask>": 500, "<|end|>": 501})
# Special tokens that the vocabulary lacks.
added = lambda content, **flags: {"__type": "AddedToken", "content": content, "lstrip": False, "rstrip": False, "single_word": False, "normalized": False, "special": True, **flags}
for name, config in (("file", FILE), ("gpt2", GPT2)):
    append = lambda what, tokens, config=config, files={}, **more: case(f"{name}: appended {what}", config={**config, **more}, appended=tokens.split(), **files)
    append("pad_token", "[P]", pad_token="[P]")
    append("in order", "[E] [P] [M] [A] [I] [Y] [X]", audio_token="[A]", image_token="[I]", extra_special_tokens=["[Y]", "[X]"], mask_token="[M]", eos_token="[E]", pad_token="[P]")
    append("once", "[P] [X]", pad_token="[P]", eos_token="[P]", extra_special_tokens=["[P]", "[X]", "[X]"])
    append("additional", "[X]", additional_special_tokens=["[X]"])
    append("extra before additional", "[Y]", additional_special_tokens=["mmHg"], extra_special_tokens=["[Y]"])
    append("by name", "[I] [B]", extra_special_tokens={"image_token": "[I]", "b": "[B]"})
    append("by name, older", "[I] [B]", model_specific_special_tokens={"image_token": "[I]", "b_token": "[B]"})
    append("by name, older beside a newer", "[C]", model_specific_special_tokens={"image_token": "mmHg"}, cow_token="[C]")
    append("with flags", "[P] [X] [Y]", pad_token=added("[P]", lstrip=True, special=False), extra_special_tokens=[added("[X]", special=False, normalized=True), added("[Y]", rstrip=True)])
    append("by the map", "[P] [Y]", files={"special_tokens_map": {"pad_token": "[P]", "additional_special_tokens": ["mmHg"], "extra_special_tokens": ["[Y]"]}})
    append("by the map, older", "[P] [Y]", files={"special_tokens_map": {"pad_token": "[P]", "additional_special_tokens": ["[Y]"]}})
    append("by both", "[E] [P] [J] [H] [X] [Y]", eos_token="[E]", pad_token="[O]", image_token="[H]", jam_token="[J]", extra_special_tokens=["[X]"], files={"special_tokens_map": {"pad_token": {"content": "[P]", "lstrip": True, "rstrip": False, "single_word": False, "normalized": False}, "extra_special_tokens": ["[Y]"], "jam_token": "[J]", "image_token": "[I]"}})
    append("behind added_tokens.json", "[S] [Q] [R] [P]", pad_token="[P]", eos_token="[Q]", files={"added_tokens": {"[R]": 508, "[Q]": 507, "[S]": 506}})
    append("beside a list of all", "[P] [X]", pad_token="[P]", extra_special_tokens=["[X]"], added_tokens_decoder={str(t["id"]): {k: v for k, v in t.items() if k != "id"} for t in base["added_tokens"]}, files={"special_tokens_map": {"mask_token": "[M]"}})
case("gpt2: appended beside a list of some", config={**GPT2, "pad_token": "[P]", "added_tokens_decoder": {"500": added("<mask>")}}, appended=["<mask>", "[P]"])
case("gpt2: appended end of text", config={**GPT2, "pad_token": "[P]"}, unending=True, appended=[END, "[P]"])
case("file: no end of text", config={**FILE, "pad_token": "[P]"}, unending=True, appended=["[P]"])
case("bare: appended", config={**GPT2, "pad_token": "[P]", "extra_special_tokens": ["[X]"], "add_bos_token": True, "bos_token": "[B]"}, bare=True, added_tokens={"<mask>": 500, "<|end|>": 501}, appended=["<mask>", "<|end|>", "[B]", "[P]", "[X]"])

case("unknown class", {"post_processor": template([END], [])}, {"tokenizer_class": "OurOwnTokenizer"})

case("two templates", sequence(template([END], []), template([], [PAD])), FILE, refused="/tokenizer.json: post_processor Sequence of two processors that add tokens is not supported (only one is)")
case("other processor", {"post_processor": {"type": "Wonder"}}, FILE, refused="/tokenizer.json: post_processor Wonder is not supported (only ByteLevel, TemplateProcessing, BertProcessing and RobertaProcessing are)")
case("template without text", {"post_processor": {**template([END], []), "single": [{"SpecialToken": {"id": END, "type_id": 0}}]}}, FILE, refused='/tokenizer.json: post_processor TemplateProcessing with single [{"SpecialToken":{"id":"<|endoftext|>","type_id":0}}] is not supported (only special tokens around one $A are)')
case("template of no token", {"post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 900], "cls": [END, 0]}}, FILE, refused="/tokenizer.json: post_processor: adds the id 900, which is no token")
case("template lacks ids", {"post_processor": {**template([END], []), "special_tokens": {}}}, FILE, refused='/tokenizer.json: post_processor: special_tokens lacks the ids of "<|endoftext|>"')
case("class with rules of its own", {}, {"tokenizer_class": "AlbertTokenizerFast"}, refused="/tokenizer_config.json: tokenizer_class AlbertTokenizer is not supported (only BertTokenizer, DistilBertTokenizer, ElectraTokenizer, GPT2Tokenizer, GPTNeoXTokenizer, LlamaTokenizer, Qwen2Tokenizer, RobertaTokenizer, T5Tokenizer, and those that do as tokenizer.json says, are)")
case("dropout", {"model": {"dropout": 0.5}}, FILE, refused="/tokenizer.json: BPE dropout 0.5 is not supported (only null is)")
case("decoders", {"decoder": {"type": "Sequence", "decoders": [BYTE_LEVEL, {"type": "Strip", "content": "t", "start": 1, "stop": 0}]}}, FILE)

# Classes that make the stages themselves.
UNIGRAM = {"type": "Unigram", "unk_id": 2, "vocab": [[t, -float(i)] for i, t in enumerate(["<pad>", "</s>", "<unk>", "\u2581", "\u2581the", "\u2581pa", "t", "ient", "s", "a", "b", "x", "y"])]}
WORDS = {"added_tokens": [], "model": {"vocab": {token: 500 + i for i, token in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])}}}
plain_case = case
for name in ("Qwen2Tokenizer", "GPTNeoXTokenizer", "RobertaTokenizer", "LlamaTokenizer", "BertTokenizerFast"):
    config = {"tokenizer_class": name}
    words = WORDS if "Bert" in name else {}
    case = lambda name, patch={}, config=None, words=words, **more: plain_case(name, patched(words, patch), config, **more)
    case(f"{name}: as it is", config=config)
    case(f"{name}: template", {"post_processor": template([END], [PAD])}, config)
    case(f"{name}: no post-processor", {"post_processor": None}, config)
    case(f"{name}: other stages", {"normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"}, "decoder": {"type": "Fuse"}}, config)
    case(f"{name}: ends", config={**config, "add_bos_token": True, "add_eos_token": True})
    case(f"{name}: space in front", config={**config, "add_prefix_space": True})
    case(f"{name}: no space in front", config={**config, "add_prefix_space": False})
    case(f"{name}: model settings", {"model": {"ignore_merges": True, "unk_token": PAD, "fuse_unk": True}}, config)
    case(f"{name}: appended", config={**config, "pad_token": "[P]", "extra_special_tokens": ["[X]"]}, appended=["[P]", "[X]"])
case = plain_case
case("LlamaTokenizer: legacy", config={"tokenizer_class": "LlamaTokenizer", "legacy": True})
case("BertTokenizer: cased", WORDS, config={"tokenizer_class": "BertTokenizer", "do_lower_case": False, "strip_accents": True})
for name in ("Qwen2Tokenizer", "GPTNeoXTokenizer"):
    case(f"bare: {name}", config={"tokenizer_class": name}, bare=True)
    case(f"bare: {name} with ends", config={"tokenizer_class": name, "bos_token": PAD, "add_bos_token": True, "add_eos_token": True}, bare=True)
case("T5Tokenizer", {"model": UNIGRAM, "normalizer": None, "added_tokens": []}, {"tokenizer_class": "T5Tokenizer", "extra_ids": 3})
case("Mistral's model_type beats LlamaTokenizer", config={"tokenizer_class": "LlamaTokenizer"}, model_config={"model_type": "mistral"})
case("Qwen2's model_type beats any class", config={"tokenizer_class": "PreTrainedTokenizerFast"}, model_config={"model_type": "qwen2"})
case("BERT's model_type does not", config={"tokenizer_class": "PreTrainedTokenizerFast"}, model_config={"model_type": "bert"})
case("OPT's model_type", model_config={"model_type": "opt"})

with (here / "cases.json").open("w") as out:
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    out.write('{"texts": %s,\n"cases": [\n%s\n]}\n' % (json.dumps(texts), lines))
