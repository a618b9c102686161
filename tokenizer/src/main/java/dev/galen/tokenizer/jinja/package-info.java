/**
 * The language of chat templates: Jinja as transformers sets it up, a sandbox with {@code
 * trim_blocks}, {@code lstrip_blocks}, loop controls and {@code generation} blocks.
 *
 * <ul>
 *   <li>{@code Lexer}, {@code StatementParser} and {@code ExpressionParser} turn a template into
 *       {@code Statement}s and {@code Expression}s.
 *   <li>{@code Renderer} runs the statements, {@code Evaluator} the expressions, in a {@code
 *       Scope}; {@code Budget} bounds their time, output and nesting.
 *   <li>Values are Java's null, Boolean, Long, BigInteger, Double, String and List, and this
 *       package's {@code Dict}, {@code Tuple} and {@code Undefined}; {@code Values}, {@code
 *       Arithmetic}, {@code Comparison} and {@code Subscript} treat them as Python does.
 *   <li>{@code Filters}, {@code Tests}, {@code Globals} and {@code StringMethods} are what a
 *       template may call. Nothing else can be reached: no reflection, no files.
 *   <li>{@link dev.galen.tokenizer.jinja.JinjaTemplate} is the way in.
 * </ul>
 *
 * <p>Messages of errors are Python's, because the text that a template's author sees is part of
 * what a template does.
 */
package dev.galen.tokenizer.jinja;
