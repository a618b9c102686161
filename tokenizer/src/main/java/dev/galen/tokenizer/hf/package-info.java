/**
 * HuggingFace's files.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.hf.TokenizerDirectory}: a directory in and out; {@code FileSet}
 *       replaces its files as one.
 *   <li>{@code TokenizerJson} and {@code Components}: {@code tokenizer.json} and every component
 *       that may stand in it; a new one is an entry in {@code Components}.
 *   <li>{@code TokenizerConfig}, {@code SpecialTokenNames} and {@code TokenizerClass}: the files
 *       beside it, and by whose rules they are read.
 *   <li>{@link dev.galen.tokenizer.hf.TokenizerDefinition} and {@link
 *       dev.galen.tokenizer.hf.TokenSet}: all that they say.
 * </ul>
 */
package dev.galen.tokenizer.hf;
