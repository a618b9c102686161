/**
 * Who owns memory and for how long.
 *
 * <p>{@link dev.galen.tensor.memory.MemoryScope} frees what was made between its open and close;
 * {@link dev.galen.tensor.memory.AllocationTrace} lists what a piece of work allocates.
 */
package dev.galen.tensor.memory;
