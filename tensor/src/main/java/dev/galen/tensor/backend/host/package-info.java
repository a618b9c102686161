/**
 * Memory of the host, for backends that compute on the CPU.
 *
 * <p>{@link dev.galen.tensor.backend.host.HostAllocator} caches off-heap blocks; {@link
 * dev.galen.tensor.backend.host.HostBuffer} is one allocation that Java can read; {@link
 * dev.galen.tensor.backend.host.FreeMemory} says what the system would still give this process.
 */
package dev.galen.tensor.backend.host;
