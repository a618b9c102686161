"""Writes cases.json: what transformers renders from chat templates, and the errors that it raises.

The templates are our own, in the shapes that model families use (templates/*.jinja), and snippets.txt with one
snippet of the language on each line. Run with transformers 5.18 and jinja2 3.1.6:

    python make.py
"""

import itertools
import json
import pathlib

from transformers.utils.chat_template_utils import (
    _cached_compile_jinja_template,
    _render_with_assistant_indices,
    render_jinja_template,
)

here = pathlib.Path(__file__).parent


def rendered(template, variables):
    """The text, or the error, and where the assistant speaks."""
    try:
        compiled = _cached_compile_jinja_template(template)
    except Exception as e:
        return {"malformed": type(e).__name__}
    try:
        values = dict(variables)
        chat = [values.pop(name, None) for name in ("messages", "tools", "documents")]
        prompt = values.pop("add_generation_prompt", False)
        text, spans = _render_with_assistant_indices(compiled, *chat, prompt, **values)
        result = {"text": text}
        if spans:
            result["assistant"] = [text[start:end] for start, end in spans]
        return result
    except Exception as e:
        return {"error": str(e)}


values = {
    "user": {"name": "Ann", "age": 41},
    "items": [1, 2, 3],
    "text": "hello World again",
    "nested": {"b": [1, {"c": None}], "a": {"d": "é", "e": []}, "f": 1.5, "g": True},
    "people": [
        {"name": "Ann", "age": 41, "team": "x", "boss": True},
        {"name": "bo", "age": 29, "team": "Y"},
        {"name": "Cy", "age": 35, "team": "x", "boss": False},
    ],
    "messages": [
        {"role": "user", "content": [{"type": "text", "text": "Hi"}, {"type": "image"}]},
        {"role": "assistant", "content": "Yes?"},
    ],
}
# A line that ends in a backslash goes on in the next one.
snippets, line = [], ""
for part in (here / "snippets.txt").read_text("utf-8").splitlines():
    line += part
    if part.endswith("\\"):
        line += "\n"
        continue
    snippets.append(line)
    line = ""

search = {
    "type": "function",
    "function": {
        "name": "search",
        "description": "Finds \"papers\" on a <topic> & more",
        "parameters": {
            "type": "object",
            "properties": {
                "query": {"type": "string", "description": "What to find"},
                "limit": {"type": "integer", "enum": [1, 10, 100]},
                "filters": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["query"],
        },
    },
}
clock = {"type": "function", "function": {"name": "clock", "description": "", "parameters": {"type": "object", "properties": {}}}}


def call(name, arguments, id=None):
    made = {"type": "function", "function": {"name": name, "arguments": arguments}}
    return {**made, "id": id} if id else made


def message(role, content, **more):
    return {"role": role, "content": content, **more}


conversations = {
    "one": [message("user", "What is it?")],
    "system": [message("system", "Be brief."), message("user", " Hello \n"), message("assistant", " Hi. "), message("user", "Bye")],
    "long": [
        message("user", "a\n\nb"),
        message("assistant", "é 😀 <|end|>"),
        message("user", "{{ not a template }} {% x %}"),
        message("assistant", "</think>\n\nthought"),
        message("user", "last"),
        message("assistant", ""),
    ],
    "tools": [
        message("user", "Find it."),
        message("assistant", None, tool_calls=[call("search", {"query": "é \"x\"", "limit": 10, "deep": {"a": [1, None]}}, "abcdefghi")]),
        message("tool", "{\"found\": 3}", name="search", tool_call_id="abcdefghi"),
        message("assistant", "Three."),
        message("user", "And the time?"),
        message("assistant", "", tool_calls=[call("clock", {}, "123456789"), call("search", "{\"query\": \"t\"}", "987654321")]),
        message("tool", "noon", name="clock", tool_call_id="123456789"),
        message("tool", "", name="search", tool_call_id="987654321"),
    ],
    "twice": [message("user", "a"), message("user", "b")],
    "late system": [message("user", "a"), message("assistant", "b"), message("system", "c")],
    "parts": [
        message("system", [{"type": "text", "text": "Look."}]),
        message("user", [{"type": "image"}, {"type": "text", "text": "What is this?"}]),
        message("assistant", [{"type": "text", "text": " A "}, {"type": "text", "text": "cat. "}]),
    ],
    "strange": [message("narrator", "x"), {"role": "user"}],
    "thinking": [message("user", "q"), message("assistant", "<think>\nhm\n</think>\n\nso", reasoning_content="r"), message("user", "q2")],
}
settings = [
    {},
    {"add_generation_prompt": True},
    {"add_generation_prompt": True, "tools": [search, clock], "enable_thinking": False, "date_string": "26 Jul 2024"},
    {"tools": [search], "documents": [{"title": "A", "text": "b"}], "builtin_tools": ["x", "y"], "custom": {"k": [1, 2.5, None]}},
    {"bos_token": "<b>", "eos_token": None, "tools": [], "add_generation_prompt": True, "enable_thinking": True},
]
tokens = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}
templates = {path.stem: path.read_text("utf-8") for path in sorted((here / "templates").glob("*.jinja"))}

cases = []
for template, conversation, (number, setting) in itertools.product(templates, conversations, enumerate(settings)):
    result = rendered(templates[template], {**tokens, **setting, "messages": conversations[conversation]})
    cases.append({"template": template, "conversation": conversation, "setting": number, **result})

continued = []
for template, name in itertools.product(["chatml", "trimmed", "parts"], ["one", "system", "long", "parts", "strange"]):
    try:
        text = render_jinja_template([conversations[name]], chat_template=templates[template], continue_final_message=True, **tokens)[0][0]
        continued.append({"template": template, "conversation": name, "text": text})
    except Exception as e:
        continued.append({"template": template, "conversation": name, "refused": type(e).__name__})

made = {
    "values": values,
    "snippets": [{"template": snippet, **rendered(snippet, values)} for snippet in snippets],
    "tokens": tokens,
    "settings": settings,
    "conversations": conversations,
    "cases": cases,
    "continued": continued,
}
lines = ["{"]
for key, value in made.items():
    dumped = json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        dumped = "[\n" + ",\n".join(json.dumps(item, ensure_ascii=False) for item in value) + "\n]"
    lines.append(json.dumps(key) + ": " + dumped + ",")
lines[-1] = lines[-1][:-1]
(here / "cases.json").write_text("\n".join(lines + ["}"]) + "\n", "utf-8")
print(len(made["snippets"]), len(cases), len(continued), sum("error" in c for c in cases), sum("malformed" in s for s in made["snippets"]))
