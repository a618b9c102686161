/**
 * The reference backend: the oracle that every other backend is tested against.
 *
 * <p>{@code ReferenceBackend} hands out one class per kernel family ({@code ReferenceCopy}, {@code
 * ReferenceMatmul}, ...). {@code Values} turns elements of every type into doubles and back, {@code
 * Pieces} cuts long spans so that the heap stays small, {@code Require} checks lengths, {@code
 * DropoutMask} and {@code Erf} are the two functions that Java does not have.
 */
package dev.galen.tensor.backend.reference;
