/**
 * Who owns memory and for how long.
 *
 * <p>{@link dev.galen.tensor.memory.MemoryScope} frees what was made between its open and close;
 * {@link dev.galen.tensor.memory.HostAllocator} caches off-heap blocks for CPU backends; {@link
 * dev.galen.tensor.memory.HostBuffer} is one allocation that Java can read.
 */
package dev.galen.tensor.memory;
