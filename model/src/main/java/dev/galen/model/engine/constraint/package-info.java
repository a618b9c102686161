/**
 * Text that keeps to JSON or to a JSON Schema, whatever the model would say: which tokens may come
 * next.
 *
 * <p>{@link dev.galen.model.engine.constraint.JsonConstraint} compiles a schema: {@code Shapes}
 * read its keywords, {@code SchemaCompiler} makes a {@code Grammar} over bytes of them, {@code
 * ClosingCosts} says how many tokens each place is from the end, {@code Automaton} walks it over
 * the {@link dev.galen.model.engine.constraint.TokenBytes} of a vocabulary.
 */
package dev.galen.model.engine.constraint;
