/**
 * Makes texts for many who ask at once, with one model.
 *
 * <p>{@link dev.galen.model.engine.Engine} is the entrance: a {@link
 * dev.galen.model.engine.GenerationRequest} goes in, its tokens come to a {@link
 * dev.galen.model.engine.TokenListener}. Requests join and leave the running batch between tokens
 * ({@code Scheduler}), each with keys and values of its own, and what one gets does not depend on
 * who else is there. A {@link dev.galen.model.engine.TokenConstraint} says which tokens may come.
 */
package dev.galen.model.engine;
