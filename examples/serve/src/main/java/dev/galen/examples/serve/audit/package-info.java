/**
 * Who asked which model what, when, without a word of it.
 *
 * <p>{@code AuditLog} appends to a file in which every line has the hash of the line before, so
 * that {@code AuditCheck} finds a line that was changed, removed, added or moved. Whoever can write
 * the whole file can make a new chain, or cut its end off: only a {@code Head} that was kept
 * elsewhere shows that. {@code AuditKey} makes the inputs' hashes, which cannot be guessed without
 * it.
 */
package dev.galen.examples.serve.audit;
