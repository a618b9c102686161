"""Makes cases.json and tokenizer/ beside it: conversations, their ids and which of them the assistant says.

    python3 -m venv v && v/bin/pip install transformers==5.18.0 tokenizers==0.23.2
    v/bin/python make.py

Where a template has generation blocks, "mask" is transformers' own (return_assistant_tokens_mask). Elsewhere it is found
as in TRL, by rendering the messages before a turn with the generation prompt: the tokens behind these. Of a prompt with
its completion, both hold. Texts and templates are our own.
"""

import json
import pathlib
import re

import tokenizers
import transformers

HERE = pathlib.Path(__file__).parent
SPECIAL = ["<|end|>", "<|pad|>", "<|im_start|>", "<|im_end|>", "<s>", "</s>", "[INST]", "[/INST]"]

TEMPLATES = {
    "plain": "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    "marked": "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}{% if m.role == 'assistant' %}"
    "{% generation %}{{ m.content + '<|im_end|>' }}{% endgeneration %}{% else %}{{ m.content + '<|im_end|>' }}"
    "{% endif %}{{ '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    "headed": "{{ bos_token }}{% for m in messages %}{% if m.role == 'assistant' %}{%- generation -%}"
    "{{ 'assistant: ' + m.content | trim + eos_token }}{%- endgeneration -%}{% else %}{{ m.role + ': ' + m.content }}"
    "{{ '\n' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}",
    "instruct": "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}{{ '[INST] ' + m.content + ' [/INST]' }}"
    "{% elif m.role == 'assistant' %}{{ ' ' + m.content | trim + eos_token }}{% else %}"
    "{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{% endfor %}",
    "spaced": "{% for m in messages %}{{ m.role }}: {{ m.content }}{{ eos_token }}{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}",
    "tools": "{% if tools %}{{ '<|im_start|>system\n' }}{% for t in tools %}{{ t | tojson }}{{ '\n' }}{% endfor %}"
    "{{ '<|im_end|>\n' }}{% endif %}{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}"
    "{% if m.tool_calls %}{% for c in m.tool_calls %}{{ c.function.name + ' ' + (c.function.arguments | tojson) }}"
    "{% endfor %}{% endif %}{% if m.content %}{{ m.content }}{% endif %}{{ '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{{ prefix | default('') }}{% endif %}",
    "forgetful": "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}{% if m.role == 'assistant' and not loop.last %}"
    "{{ m.content.split('</think>') | last }}{% else %}{{ m.content }}{% endif %}{{ '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
}


def m(role, content, **more):
    return {"role": role, "content": content, **more}


CALL = [{"type": "function", "function": {"name": "dose", "arguments": {"drug": "heparin", "kg": 71.5}}}]
TOOLS = [
    {
        "type": "function",
        "function": {"name": "dose", "parameters": {"type": "object", "properties": {"kg": {"type": "number"}}}},
    }
]
TALK = [
    m("user", "What is a fever?"),
    m("assistant", "A temperature above 38 °C."),
    m("user", "And sepsis? 😷"),
    m("assistant", "  An infection that harms organs: naïve but true.  "),
]
THOUGHT = [TALK[0], m("assistant", "<think>hm</think>No."), TALK[2], TALK[3]]
CASES = [
    (name, {"messages": messages})
    for name in ("plain", "marked", "headed", "instruct", "spaced")
    for messages in (
        TALK[:2],
        TALK,
        TALK[:3],
        TALK + [m("assistant", "Ask more.")],
        TALK + [m("user", ""), m("assistant", "So <|im_end|> is a token.")],
    )
]
CASES += [
    (name, {"messages": [m("system", "You are brief.")] + TALK}) for name in ("plain", "marked", "headed", "spaced")
]
CASES += [
    (name, {"prompt": TALK[:cut], "completion": TALK[cut:]})
    for name in ("plain", "marked", "headed", "instruct", "spaced")
    for cut in (1, 3)
]
CASES += [
    ("tools", {"messages": TALK, "tools": TOOLS}),
    (
        "tools",
        {
            "messages": [
                m("user", "How much heparin?"),
                m("assistant", None, tool_calls=CALL),
                m("tool", "5000 units"),
                m("assistant", "Give 5000 units."),
            ],
            "tools": TOOLS,
        },
    ),
    (
        "tools",
        {
            "prompt": [m("user", "How much heparin?")],
            "completion": [
                {"role": "assistant", "tool_calls": CALL},
                m("tool", "5000 units"),
                m("assistant", "Give 5000 units."),
            ],
            "tools": json.dumps(TOOLS),
        },
    ),
    ("tools", {"messages": TALK[:2], "chat_template_kwargs": {"prefix": "A"}}),
    ("forgetful", {"messages": TALK[:2]}),
    ("forgetful", {"messages": TALK}),
    ("forgetful", {"prompt": THOUGHT[:3], "completion": THOUGHT[3:]}),
]
REFUSED = [
    ("forgetful", {"messages": THOUGHT}),
    ("tools", {"messages": TALK, "chat_template_kwargs": {"prefix": "Well, "}}),
    ("plain", {"messages": TALK[1:]}),
    ("instruct", {"messages": [m("system", "You are brief.")] + TALK}),
]


def tokenizer():
    bpe = tokenizers.Tokenizer(tokenizers.models.BPE())
    bpe.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=SPECIAL,
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator([t["content"] for t in TALK] + ["user assistant system tool Assistant: user: "] * 3, trainer)
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=bpe, bos_token="<s>", eos_token="</s>", pad_token="<|pad|>"
    )
    fast.save_pretrained(HERE / "tokenizer")
    return transformers.AutoTokenizer.from_pretrained(HERE / "tokenizer")


def case(words, name, row):
    template = TEMPLATES[name]
    tools = row.get("tools")
    more = dict(chat_template=template, tools=json.loads(tools) if isinstance(tools, str) else tools)
    more.update(row.get("chat_template_kwargs", {}))
    prompt = row.get("prompt", [])
    messages = row.get("messages") or prompt + row["completion"]
    text = words.apply_chat_template(messages, tokenize=False, **more)
    encoded = words(text, add_special_tokens=False)
    ids = encoded["input_ids"]
    assert ids == words.apply_chat_template(messages, return_dict=True, **more)["input_ids"]

    def begin(count, generation):
        start = words.apply_chat_template(messages[:count], tokenize=False, add_generation_prompt=generation, **more)
        assert text.startswith(start), (name, count)
        head = words(start, add_special_tokens=False)["input_ids"]
        # Where a token spans the border it is the assistant's; TRL warns there.
        return len(start), ids[: len(head)] == head and len(head)

    if re.search(r"\{%-?\s*generation\s*-?%\}", template):
        mask = words.apply_chat_template(messages, return_dict=True, return_assistant_tokens_mask=True, **more)
        mask = list(mask["assistant_masks"])
    else:
        mask = [0] * len(ids)
        for i, message in enumerate(messages):
            if message["role"] == "assistant" and i >= len(prompt):
                start, tokens = begin(i, True)
                end = begin(i + 1, False)[0]
                first, last = encoded.char_to_token(start), encoded.char_to_token(end - 1)
                assert tokens is False or tokens == first, (name, tokens, first)
                for t in range(first, last + 1):
                    mask[t] = 1
    if prompt:
        first = encoded.char_to_token(begin(len(prompt), True)[0])
        mask = [0] * first + mask[first:]
    assert 1 in mask
    return {"template": name, "row": row, "ids": ids, "mask": mask}


def main():
    words = tokenizer()
    out = {"templates": TEMPLATES, "cases": [case(words, name, row) for name, row in CASES]}
    out["refused"] = [{"template": name, "row": row} for name, row in REFUSED]
    for refused in out["refused"]:
        try:
            case(words, refused["template"], refused["row"])
        except Exception as e:
            print("refused:", type(e).__name__, str(e)[:100])
        else:
            raise AssertionError(refused)
    text = json.dumps(out, ensure_ascii=False, separators=(",", ":"))
    (HERE / "cases.json").write_text(text.replace('},{"template"', '},\n{"template"') + "\n")
    print(len(out["cases"]), "cases")


main()
