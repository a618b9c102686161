package dev.galen.tokenizer.jinja;

import java.util.List;

/**
 * What {@code items()}, {@code keys()} and {@code values()} give.
 *
 * @param typeName {@code dict_items} and so on
 */
record View(String typeName, List<Object> values) {}
