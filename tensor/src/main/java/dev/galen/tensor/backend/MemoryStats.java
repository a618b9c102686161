package dev.galen.tensor.backend;

/**
 * A backend's memory in bytes.
 *
 * @param live handed out and not freed
 * @param cached freed and kept for the next allocation
 * @param peak the largest {@code live} so far
 */
public record MemoryStats(long live, long cached, long peak) {}
