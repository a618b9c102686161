package dev.galen.tokenizer.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code namespace()} makes: attributes that a loop's body can set for what follows it. */
final class Namespace {
  final Map<String, Object> attributes = new LinkedHashMap<>();
}
