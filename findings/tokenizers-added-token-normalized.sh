#!/usr/bin/env bash
# tokenizers gives the text of an added token as its normalizer rewrote it, not as it was added.
#
# Expected: a token that is added as [DRUG] is [DRUG] for id_to_token and decode, since get_vocab and
# token_to_id name it so, and an added token is there to be found again in texts.
# Seen: with normalized=True, the default of AddedToken, and a normalizer that lower-cases,
# id_to_token and decode say [drug], a name that token_to_id does not know.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q tokenizers==0.23.2 2>"$dir/pip.log" || { cat "$dir/pip.log"; exit 2; }
HF_HUB_OFFLINE=1 "$dir/venv/bin/python" - <<'PYTHON'
import tokenizers
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers

print("tokenizers", tokenizers.__version__)
tokenizer = Tokenizer(models.WordLevel({"gave": 0, "daily": 1}, unk_token="gave"))
tokenizer.normalizer = normalizers.Lowercase()
tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
tokenizer.add_tokens([AddedToken("[DRUG]"), AddedToken("[DOSE]", normalized=False)])

for name in ("[DRUG]", "[DOSE]"):
    id = tokenizer.token_to_id(name)
    text = tokenizer.id_to_token(id)
    print(f"{name}: id {id}, id_to_token {text}, whose token_to_id is {tokenizer.token_to_id(text)}")
decoded = tokenizer.decode(tokenizer.encode("gave [DRUG] [DOSE] daily").ids)
print("decoded:", decoded)
assert tokenizer.get_vocab()["[DRUG]"] == 2
assert tokenizer.id_to_token(2) == "[drug]" and tokenizer.token_to_id("[drug]") is None
assert decoded == "gave [drug] [DOSE] daily"
print("as recorded: a normalized added token comes back as the normalizer's text")
PYTHON
