/**
 * The small JSON files of a model's directory, read as Python's {@code json} reads them.
 *
 * <p>{@link dev.galen.model.json.LenientJson} is the one place that parses and prints; {@link
 * dev.galen.model.json.JsonFields} gives fields their types, and each refusal its field's name.
 */
package dev.galen.model.json;
