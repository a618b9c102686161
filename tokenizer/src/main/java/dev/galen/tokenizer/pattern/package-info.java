/**
 * Patterns to cut or to replace at.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.pattern.Finder}: finds matches.
 *   <li>{@link dev.galen.tokenizer.pattern.LiteralFinder}: a text; {@link
 *       dev.galen.tokenizer.pattern.RegexFinder}: a regular expression.
 * </ul>
 */
package dev.galen.tokenizer.pattern;
